package import Review

/// One record of a body: the only shapes there are on the wire (`formats.md`).
package enum Record: Sendable, Equatable {
    /// The records that are a word and a JSON object.
    package enum Word: String, Sendable {
        case hello, cursor, budget, want
        case enrolled, hubKey, hub, receipt, reset, result, page, missing, through, end
    }

    case word(Word, JSON)
    case entry(signature: [UInt8], line: [UInt8])
    case payload(Digest, [UInt8])
    case row(Int64, JSON)
    case delta(signature: [UInt8], line: [UInt8])

    /// The records of an entry and its payload.
    package static func document(_ document: Document) -> [Record] {
        let entry = Record.entry(signature: document.entry.signature, line: document.entry.line)
        guard let payload = document.payload else { return [entry] }
        return [entry, .payload(document.entry.payload, payload)]
    }

    package func write(to out: inout [UInt8]) {
        switch self {
        case .word(let word, let json):
            out += "\(word.rawValue) ".utf8
            out += json.canonicalBytes
        case .entry(let signature, let line):
            out += "entry \(Base64URL.encode(signature)) ".utf8
            out += line
        case .delta(let signature, let line):
            out += "delta \(Base64URL.encode(signature)) ".utf8
            out += line
        case .row(let number, let json):
            out += "row \(number) ".utf8
            out += json.canonicalBytes
        case .payload(let hash, let bytes):
            out += "payload \(hash) \(bytes.count)\n".utf8
            out += bytes
        }
        out.append(0x0A)
    }
}

// MARK: - Bodies

extension Record {
    /// A whole body.
    ///
    /// A page begins a new frame, so that a cut reply keeps the pages before it.
    package static func body(_ records: [Record]) -> [UInt8] {
        let packer = FramePacker()
        var body = Frames.magic
        var frame: [UInt8] = []
        for record in records {
            let start = frame.count
            record.write(to: &frame)
            var beginsFrame = frame.count > Frames.target
            if case .word(.page, _) = record { beginsFrame = true }
            guard beginsFrame, start > 0 else { continue }
            body += packer.pack(frame[..<start])
            frame.removeFirst(start)
        }
        if !frame.isEmpty { body += packer.pack(frame[...]) }
        return body
    }

    /// The records of one unpacked frame, all of them whole.
    package static func read(frame: [UInt8]) throws(WireError) -> [Record] {
        var records: [Record] = []
        var at = 0
        while at < frame.count {
            guard let end = frame[at...].firstIndex(of: 0x0A) else {
                throw .damaged("a record without an end")
            }
            let line = frame[at..<end]
            at = end + 1
            guard let space = line.firstIndex(of: 0x20) else {
                throw .damaged("a record without a content")
            }
            let rest = line[(space + 1)...]
            switch String(decoding: line[..<space], as: UTF8.self) {
            case "entry":
                let (signature, content) = try signed(rest)
                records.append(.entry(signature: signature, line: content))
            case "delta":
                let (signature, content) = try signed(rest)
                records.append(.delta(signature: signature, line: content))
            case "row":
                guard let space = rest.firstIndex(of: 0x20),
                    let number = Int64(String(decoding: rest[..<space], as: UTF8.self))
                else { throw .damaged("a row without a number") }
                records.append(.row(number, try json(rest[(space + 1)...])))
            case "payload":
                let parts = rest.split(separator: 0x20)
                guard parts.count == 2,
                    let hash = Digest(String(decoding: parts[0], as: UTF8.self)),
                    let length = Int(String(decoding: parts[1], as: UTF8.self)), length >= 0,
                    length < frame.count - at, frame[at + length] == 0x0A
                else { throw .damaged("a payload that does not fit its frame") }
                records.append(.payload(hash, Array(frame[at..<at + length])))
                at += length + 1
            case let name:
                // A word that this version does not know is from a newer one: passed over.
                guard let word = Word(rawValue: name) else { continue }
                records.append(.word(word, try json(rest)))
            }
        }
        return records
    }

    private static func signed(
        _ rest: ArraySlice<UInt8>
    ) throws(WireError) -> (signature: [UInt8], line: [UInt8]) {
        guard let space = rest.firstIndex(of: 0x20),
            let signature = Base64URL.decode(String(decoding: rest[..<space], as: UTF8.self))
        else { throw .damaged("a signed record without a signature") }
        return (signature, Array(rest[(space + 1)...]))
    }

    private static func json(_ bytes: ArraySlice<UInt8>) throws(WireError) -> JSON {
        do throws(JSONError) {
            return try JSON(parsing: bytes)
        } catch {
            throw .damaged("\(error)")
        }
    }
}
