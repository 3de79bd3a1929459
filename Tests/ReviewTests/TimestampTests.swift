import Review
import Testing

@Suite("Instants")
struct TimestampTests {
    /// The milliseconds are Python's.
    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0),
            ("2024-02-29T12:34:56Z", 1_709_210_096_000),
            ("2000-02-29T00:00:00Z", 951_782_400_000),
            ("1900-03-01T00:00:00Z", -2_203_891_200_000),
            ("1969-12-31T23:59:59Z", -1000),
            ("1969-12-31T23:59:59.500Z", -500),
            ("0001-01-01T00:00:00Z", -62_135_596_800_000),
            ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
        ] as [(String, Int64)]
    )
    func `read and print the same`(text: String, milliseconds: Int64) {
        #expect(Timestamp(text)?.milliseconds == milliseconds)
        #expect(Timestamp(milliseconds: milliseconds).description == text)
    }

    @Test(
        arguments: [
            ("2026-11-25T10:00:00+05:30", 1_795_581_000_000),
            ("2026-11-25T04:30:00Z", 1_795_581_000_000),
            ("2026-11-24T20:30:00-08:00", 1_795_581_000_000),
            ("2026-11-25t04:30:00z", 1_795_581_000_000),
            ("2026-11-25T04:30:00-00:00", 1_795_581_000_000),
            ("2026-11-25T04:30:00.1Z", 1_795_581_000_100),
            ("2026-11-25T04:30:00.12Z", 1_795_581_000_120),
            ("2026-11-25T04:30:00.1239Z", 1_795_581_000_123),
            ("1998-12-31T23:59:60Z", 915_148_800_000),  // A leap second is the next one.
        ] as [(String, Int64)]
    )
    func `offsets, fractions and leap seconds are understood`(text: String, milliseconds: Int64) {
        #expect(Timestamp(text)?.milliseconds == milliseconds)
    }

    @Test(arguments: [
        "", "2026-11-25", "2026-11-25T10:00:00", "2026-11-25 10:00:00Z", "2026-11-25T10:00Z",
        "2023-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-04-31T00:00:00Z",
        "2026-00-01T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-00T00:00:00Z",
        "2026-11-25T24:00:00Z", "2026-11-25T10:60:00Z", "2026-11-25T10:00:61Z",
        "2026-11-25T10:00:00.Z", "2026-11-25T10:00:00+24:00", "2026-11-25T10:00:00+05:60",
        "2026-11-25T10:00:00+0530", "2026-11-25T10:00:00Z ", "+026-11-25T10:00:00Z",
        "26-11-25T10:00:00.000Z", "2026-1a-25T10:00:00Z", "２026-11-25T10:00:00Z",
    ])
    func `what is no RFC 3339 time is refused`(text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test func `every day of eight centuries comes back`() {
        for day in stride(from: Int64(-146_097), through: 146_097, by: 1) {
            let time = Timestamp(milliseconds: day * 86_400_000)
            #expect(Timestamp(time.description) == time)
        }
    }

    @Test func `adding stops at the ends`() {
        let late = Timestamp(milliseconds: .max - 5)
        #expect(late.advanced(byMilliseconds: 5).milliseconds == .max)
        #expect(late.advanced(byMilliseconds: 6).milliseconds == .max)
        let early = Timestamp(milliseconds: .min + 5)
        #expect(early.advanced(byMilliseconds: -6).milliseconds == .min)
    }
}
