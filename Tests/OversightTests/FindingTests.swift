import Oversight
import Testing

@Suite("Whether the oversight is real")
struct FindingTests {
    static let attentions = [Attention.careless, .attentive, .unseen]

    /// Decided and overturned of each band, then the finding of section 10 for each attention.
    @Test(arguments: [
        (500, 0, [Finding.Kind.stamping, .healthy, .insufficient]),  // ceremonial
        (10_000, 400, [.stamping, .watch, .watch]),
        (100, 10, [.stamping, .healthy, .healthy]),
        (200, 80, [.stamping, .overriding, .overriding]),
        (100, 0, [.stamping, .insufficient, .insufficient]),  // notEnoughEvidence
        (0, 0, [.stamping, .insufficient, .insufficient]),
    ])
    func `is told by the band and the known-answer cases`(
        decided: Int64,
        overturned: Int64,
        expected: [Finding.Kind]
    ) throws {
        let rate = try OverrideRate(decided: decided, overturned: overturned, amended: 0)
        #expect(Self.attentions.map { Finding(rate, attention: $0).kind } == expected)
    }

    @Test func `says how many known-answer cases are missing`() throws {
        let rate = try OverrideRate(decided: 125, overturned: 0, amended: 0)
        #expect(
            Finding(rate, attention: .unseen).reasons == [
                "0 of 125 overridden, which means 0.0 to 3.0 %; whether that is attention or "
                    + "stamping is not known: at least 19 more known-answer cases are missing"
            ]
        )
    }

    @Test func `says what too little evidence can still be`() throws {
        let rate = try OverrideRate(decided: 200, overturned: 60, amended: 10)
        #expect(
            Finding(rate, attention: .unseen).reasons == [
                "70 of 200 overridden, which means 28.7 to 41.8 %; "
                    + "that can still be watch, aiNotAddingValue"
            ]
        )
        let nothing = try OverrideRate(decided: 0, overturned: 0, amended: 0)
        #expect(
            Finding(nothing, attention: .unseen).reasons == [
                "nothing was decided yet; that can still be ceremonial, watch, healthy, "
                    + "aiNotAddingValue"
            ]
        )
    }
}
