import Testing

@testable import Review

@Suite("Reading JSON")
struct JSONParseTests {
    @Test func `every kind of value`() throws {
        let text =
            #" {"a" : [null, true, false, -1.5e2, "x\"\\\/\b\f\n\r\t\u00e9\uD83D\uDE00"], "b":{}} "#
        let expected: JSON = [
            "a": [.null, true, false, -150, "x\"\\/\u{8}\u{C}\n\r\té😀"],
            "b": [:],
        ]
        #expect(try JSON(parsing: text) == expected)
    }

    @Test(arguments: [
        ("", JSONError.Reason.unexpectedEnd, 1, 1),
        ("[1,\n 2,\n  x]", .notANumber("x"), 3, 3),
        ("[1 2]", .unexpected("2"), 1, 4),
        ("[1,]", .unexpected("]"), 1, 4),
        ("{\"a\":1,}", .unexpected("}"), 1, 8),
        ("{\"a\" 1}", .unexpected("1"), 1, 6),
        ("{a:1}", .unexpected("a"), 1, 2),
        ("[1", .unexpectedEnd, 1, 3),
        ("tru", .unexpectedEnd, 1, 4),
        ("trux", .unexpected("x"), 1, 4),
        ("1 1", .trailing, 1, 3),
        ("{\"a\":1,\n\"a\":2}", .duplicateKey("a"), 2, 1),
        ("{\"a\":{\"b\":1,\"\\u0062\":2}}", .duplicateKey("b"), 1, 13),
        ("\"a\nb\"", .controlCharacter, 1, 3),
        ("\"a\\x\"", .badEscape, 1, 3),
        ("\"\\u12g4\"", .badEscape, 1, 2),
        ("\"\\u+123\"", .badEscape, 1, 2),
        ("\"\\u-000\"", .badEscape, 1, 2),
        ("\"\\u12", .unexpectedEnd, 1, 2),
        ("\"ab", .unexpectedEnd, 1, 4),
        ("\"\\uD83D\"", .loneSurrogate, 1, 2),
        ("\"\\uD83Dx\"", .loneSurrogate, 1, 2),
        ("\"\\uD83D\\u0041\"", .loneSurrogate, 1, 2),
        ("\"\\uDE00\"", .loneSurrogate, 1, 2),
        ("\u{FEFF}1", .unexpected("\u{FEFF}"), 1, 1),
    ])
    func `says what is wrong and where`(
        text: String,
        reason: JSONError.Reason,
        line: Int,
        column: Int
    ) {
        #expect(throws: JSONError(reason: reason, line: line, column: column)) {
            try JSON(parsing: text)
        }
    }

    @Test(arguments: [
        "NaN", "Infinity", "-Infinity", "-", "+1", "01", "-01", "1.", ".5", "1e", "1e+", "1.5.2",
        "0x10", "--1",
    ])
    func `refuses what is not a JSON number`(text: String) {
        #expect(throws: JSONError(reason: .notANumber(text), line: 1, column: 1)) {
            try JSON(parsing: text)
        }
    }

    @Test(arguments: [
        "9007199254740993", "-9007199254740993", "9007199254740994", "9007199254740993.0",
        "90071992547409930e-1", "1e16", "18446744073709551616", "1e400", "-1e400",
    ])
    func `refuses integers beyond 2^53, which would lose digits`(text: String) {
        #expect(throws: JSONError(reason: .numberTooLarge(text), line: 1, column: 1)) {
            try JSON(parsing: text)
        }
    }

    @Test(arguments: [
        ("9007199254740992", 9_007_199_254_740_992.0),
        ("-9007199254740992", -9_007_199_254_740_992),
        ("9007199254740991", 9_007_199_254_740_991), ("0.1", 0.1), ("-0", 0), ("-0.0", 0),
        ("1E3", 1000), ("1e-2", 0.01), ("123456789.25", 123_456_789.25),
        ("5e-324", .leastNonzeroMagnitude),
    ])
    func `takes the numbers that a double can be`(text: String, value: Double) throws {
        let number = try JSON(parsing: text).number
        #expect(number == value)
        #expect(number?.sign == value.sign)
    }

    @Test(
        arguments: [
            [0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
            [0x22, 0xE2, 0x82, 0x22], [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22],
        ] as [[UInt8]]
    )
    func `refuses wrong UTF-8, overlong forms and surrogates`(bytes: [UInt8]) {
        #expect(throws: JSONError(reason: .invalidUTF8, line: 1, column: 2)) {
            try JSON(parsing: bytes)
        }
    }

    @Test func `refuses a wrong byte in a key, and after an escape`() {
        #expect(throws: JSONError(reason: .invalidUTF8, line: 1, column: 3)) {
            try JSON(parsing: Array("{\"".utf8) + [0xFF] + Array("\":1}".utf8))
        }
        #expect(throws: JSONError(reason: .invalidUTF8, line: 1, column: 4)) {
            try JSON(parsing: Array("\"\\n".utf8) + [0xFF, 0x22])
        }
    }

    @Test func `nests to the limit and no deeper`() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(JSON.depthLimit == 128)
        _ = try JSON(parsing: nested(128))
        #expect(throws: JSONError(reason: .tooDeep, line: 1, column: 129)) {
            try JSON(parsing: nested(129))
        }
        _ = try JSON(
            parsing: "[" + Array(repeating: nested(127), count: 3).joined(separator: ",") + "]"
        )
    }

    @Test func `an error is a sentence with its place`() {
        let error = JSONError(reason: .duplicateKey("a\n"), line: 2, column: 7)
        #expect(error.description == #"line 2, column 7: the key "a\n" stands twice in one object"#)
    }
}
