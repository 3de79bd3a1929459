extension Array {
    /// Every order of the elements (Heap 1963): n! of them.
    package var permutations: [[Element]] {
        var all: [[Element]] = []
        var order = self
        func permute(_ count: Int) {
            guard count > 1 else { return all.append(order) }
            for index in 0..<count {
                permute(count - 1)
                order.swapAt(count.isMultiple(of: 2) ? index : 0, count - 1)
            }
        }
        permute(count)
        return all
    }
}
