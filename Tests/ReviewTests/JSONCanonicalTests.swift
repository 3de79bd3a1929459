import Testing

@testable import Review

@Suite("Canonical JSON (RFC 8785)")
struct JSONCanonicalTests {
    /// RFC 8785, appendix B: the bits of a double, and its text.
    @Test(
        arguments: [
            (0x0000_0000_0000_0000, "0"),
            (0x8000_0000_0000_0000, "0"),
            (0x0000_0000_0000_0001, "5e-324"),
            (0x8000_0000_0000_0001, "-5e-324"),
            (0x7FEF_FFFF_FFFF_FFFF, "1.7976931348623157e+308"),
            (0xFFEF_FFFF_FFFF_FFFF, "-1.7976931348623157e+308"),
            (0x4340_0000_0000_0000, "9007199254740992"),
            (0xC340_0000_0000_0000, "-9007199254740992"),
            (0x4430_0000_0000_0000, "295147905179352830000"),
            (0x44B5_2D02_C7E1_4AF5, "9.999999999999997e+22"),
            (0x44B5_2D02_C7E1_4AF6, "1e+23"),
            (0x44B5_2D02_C7E1_4AF7, "1.0000000000000001e+23"),
            (0x444B_1AE4_D6E2_EF4E, "999999999999999700000"),
            (0x444B_1AE4_D6E2_EF4F, "999999999999999900000"),
            (0x444B_1AE4_D6E2_EF50, "1e+21"),
            (0x3EB0_C6F7_A0B5_ED8C, "9.999999999999997e-7"),
            (0x3EB0_C6F7_A0B5_ED8D, "0.000001"),
            (0x41B3_DE43_5555_5553, "333333333.3333332"),
            (0x41B3_DE43_5555_5554, "333333333.33333325"),
            (0x41B3_DE43_5555_5555, "333333333.3333333"),
            (0x41B3_DE43_5555_5556, "333333333.3333334"),
            (0x41B3_DE43_5555_5557, "333333333.33333343"),
            (0xBECB_F647_612F_3696, "-0.0000033333333333333333"),
            (0x4314_3FF3_C1CB_0959, "1424953923781206.2"),
        ] as [(UInt64, String)]
    )
    func `numbers are those of appendix B`(bits: UInt64, text: String) {
        #expect(JSON.number(Double(bitPattern: bits)).canonical == text)
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity].map(\.bitPattern))
    func `what is no number cannot be written`(bits: UInt64) async {
        await #expect(processExitsWith: .failure) { [bits] in
            _ = JSON.number(Double(bitPattern: bits)).canonical
        }
    }

    @Test func `the sample of section 3.2.2 has the bytes of section 3.2.4`() throws {
        let sample = #"""
            {
              "numbers": [333333333.33333329, 4.50, 2e-3, 0.000000000000000000000000001],
              "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
              "literals": [null, true, false]
            }
            """#
        let expected =
            #"{"literals":[null,true,false],"numbers":[333333333.3333333,4.5,0.002,1e-27],"#
            + #""string":"€$\u000f\nA'B\"\\\\\"/"}"#
        #expect(try JSON(parsing: sample).canonical == expected)
        #expect(Array(expected.utf8.prefix(6)) == [0x7B, 0x22, 0x6C, 0x69, 0x74, 0x65])
    }

    @Test func `keys sort by UTF-16, as in section 3.2.3`() throws {
        let sample = #"""
            {
              "\u20ac": "Euro Sign",
              "\r": "Carriage Return",
              "\ufb33": "Hebrew Letter Dalet With Dagesh",
              "1": "One",
              "\ud83d\ude00": "Emoji: Grinning Face",
              "\u0080": "Control",
              "\u00f6": "Latin Small Letter O With Diaeresis"
            }
            """#
        let value = try JSON(parsing: sample)
        let keys = try #require(value.object).keys.sorted(by: JSON.comesBefore)
        #expect(
            keys.map { value[$0] } == [
                "Carriage Return", "One", "Control", "Latin Small Letter O With Diaeresis",
                "Euro Sign", "Emoji: Grinning Face", "Hebrew Letter Dalet With Dagesh",
            ]
        )
        // In UTF-8 the emoji would come last.
        #expect(
            value.canonical.hasSuffix(
                #","😀":"Emoji: Grinning Face","דּ":"Hebrew Letter Dalet With Dagesh"}"#
            )
        )
    }

    @Test func `what was read and written reads the same`() throws {
        let text = #"{"a":[1,2.5,-3,1e-7],"b":{"c":"\u0001\t\"\\","d":null},"é":true}"#
        #expect(try JSON(parsing: text).canonical == text)
    }
}
