import Simulator

/// What the command line asks for.
struct Order {
    enum Kind {
        case seeds
        case replay(History)
        case bugs
    }

    var kind = Kind.seeds
    var seeds = 1_000
    var from: UInt64 = 1
    var jobs = 1

    struct Wrong: Error, CustomStringConvertible { let description: String }

    init(_ words: some Sequence<String>) throws(Wrong) {
        var history: History?
        var words = words.makeIterator()
        while let word = words.next() {
            if word == "--bugs" {
                kind = .bugs
                continue
            }
            guard let value = words.next() else {
                throw Wrong(description: "\(word) wants a value")
            }
            let parts = value.split(separator: ",").map(String.init)
            switch word {
            case "--seeds": seeds = try Self.number(value)
            case "--from": from = try Self.number(value)
            case "--jobs": jobs = max(1, try Self.number(value))
            case "--replay": history = History(seed: try Self.number(value))
            case "--without":
                for part in parts { history?.faults.remove(try Self.word(part)) }
            case "--steps":
                history?.steps = []
                for part in parts { history?.steps.append(try Self.number(part)) }
            case "--bug": history?.bug = try Self.word(value)
            default: throw Wrong(description: "there is no option \(word)")
            }
        }
        if let history { kind = .replay(history) }
    }

    private static func number<Number: FixedWidthInteger>(_ text: String) throws(Wrong) -> Number {
        guard let number = Number(text) else { throw Wrong(description: "\(text) is no number") }
        return number
    }

    private static func word<Word: RawRepresentable<String>>(_ text: String) throws(Wrong) -> Word {
        guard let word = Word(rawValue: text) else { throw Wrong(description: "what is \(text)?") }
        return word
    }
}
