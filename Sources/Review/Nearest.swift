/// The names that someone who typed `typed` may have meant, nearest first.
///
/// By optimal string alignment (Damerau 1964, each place changed once): insertions, deletions,
/// substitutions and swaps of neighbours. A name counts within max(2, a third of what was typed),
/// and only if something of it was typed at all.
package func nearest(
    to typed: String,
    among names: some Sequence<String>,
    limit: Int = 3
) -> [String] {
    let wanted = Array(typed.lowercased())
    let reach = max(2, wanted.count / 3)
    let found = Set(names).compactMap { name -> (distance: Int, name: String)? in
        let letters = Array(name.lowercased())
        guard abs(letters.count - wanted.count) <= reach else { return nil }
        let distance = editDistance(wanted, letters)
        guard distance <= reach, distance < max(letters.count, wanted.count) else { return nil }
        return (distance, name)
    }
    return found.sorted(by: <).prefix(limit).map(\.name)
}

/// How many insertions, deletions, substitutions and swaps of neighbours turn one into the other.
func editDistance(_ left: [Character], _ right: [Character]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for i in left.indices {
        var row = [i + 1]
        for j in right.indices {
            var cost = min(row[j] + 1, last[j + 1] + 1, last[j] + (left[i] == right[j] ? 0 : 1))
            if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                cost = min(cost, beforeLast[j - 1] + 1)
            }
            row.append(cost)
        }
        (beforeLast, last) = (last, row)
    }
    return last[right.count]
}
