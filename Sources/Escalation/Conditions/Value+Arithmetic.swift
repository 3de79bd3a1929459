/// The arithmetic of CEL: both sides of one type, and an overflow is an error.
enum Arithmetic: String, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case remainder = "%"

    /// The result, or why there is none.
    func callAsFunction(_ left: Value, _ right: Value) throws(Refusal) -> Value {
        switch (left, right) {
        case (.int(let a), .int(let b)): return .int(try integer(a, b))
        case (.uint(let a), .uint(let b)): return .uint(try integer(a, b))
        case (.double(let a), .double(let b)): return .double(try real(a, b))
        case (.string(let a), .string(let b)) where self == .add: return .string(a + b)
        case (.bytes(let a), .bytes(let b)) where self == .add: return .bytes(a + b)
        default:
            guard self == .add, let count = left.listCount, let more = right.listCount else {
                throw noOverload(left, right)
            }
            return .list(
                (0..<count).map { left.element(at: $0) } + (0..<more).map { right.element(at: $0) }
            )
        }
    }

    private func integer<Number: FixedWidthInteger>(
        _ a: Number,
        _ b: Number
    ) throws(Refusal) -> Number {
        let (result, overflow): (Number, Bool)
        switch self {
        case .add: (result, overflow) = a.addingReportingOverflow(b)
        case .subtract: (result, overflow) = a.subtractingReportingOverflow(b)
        case .multiply: (result, overflow) = a.multipliedReportingOverflow(by: b)
        case .divide, .remainder:
            if b == 0 { throw Refusal("\(a) \(rawValue) 0 has no value") }
            (result, overflow) =
                self == .divide
                ? a.dividedReportingOverflow(by: b) : a.remainderReportingOverflow(dividingBy: b)
        }
        if overflow { throw Refusal("\(a) \(rawValue) \(b) overflows 64 bits") }
        return result
    }

    private func real(_ a: Double, _ b: Double) throws(Refusal) -> Double {
        switch self {
        case .add: a + b
        case .subtract: a - b
        case .multiply: a * b
        case .divide: a / b
        case .remainder: throw noOverload(.double(a), .double(b))
        }
    }

    private func noOverload(_ left: Value, _ right: Value) -> Refusal {
        Refusal("`\(rawValue)` does not take \(left.typeName) and \(right.typeName)")
    }
}

/// Why a value could not be computed, before it is known where in the condition.
struct Refusal: Error {
    let reason: String
    /// The fields that were asked for and not there; empty for every other reason.
    let missing: [String]

    init(_ reason: String, missing: [String] = []) {
        self.reason = reason
        self.missing = missing
    }

    init(missing field: String) { self.init("\(field) is missing", missing: [field]) }
}
