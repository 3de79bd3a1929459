/// Confidences as the integers that are counted: parts per million, and one of 130 bins.
///
/// LOGIT130: edges in equal steps of 1/8 in log-odds from -8 to 8 (`statistics.md`, section 2). Edges
/// are fixed, so counts from anywhere add up.
package enum ConfidenceBin {
    package static let count = 130

    /// `floor(1_000_000 / (1 + exp(8 - j/8)) + 0.5)` for j = 0...128, checked by a test.
    package static let edges = [
        335, 380, 431, 488, 553, 626, 710, 804, 911, 1_032,
        1_170, 1_325, 1_501, 1_701, 1_927, 2_183, 2_473, 2_801, 3_173, 3_594,
        4_070, 4_610, 5_220, 5_911, 6_693, 7_577, 8_577, 9_708, 10_987, 12_432,
        14_064, 15_906, 17_986, 20_332, 22_977, 25_957, 29_312, 33_086, 37_327, 42_088,
        47_426, 53_403, 60_087, 67_547, 75_858, 85_099, 95_349, 106_691, 119_203, 132_964,
        148_047, 164_516, 182_426, 201_813, 222_700, 245_085, 268_941, 294_215, 320_821, 348_645,
        377_541, 407_333, 437_823, 468_791, 500_000, 531_209, 562_177, 592_667, 622_459, 651_355,
        679_179, 705_785, 731_059, 754_915, 777_300, 798_187, 817_574, 835_484, 851_953, 867_036,
        880_797, 893_309, 904_651, 914_901, 924_142, 932_453, 939_913, 946_597, 952_574, 957_912,
        962_673, 966_914, 970_688, 974_043, 977_023, 979_668, 982_014, 984_094, 985_936, 987_568,
        989_013, 990_292, 991_423, 992_423, 993_307, 994_089, 994_780, 995_390, 995_930, 996_406,
        996_827, 997_199, 997_527, 997_817, 998_073, 998_299, 998_499, 998_675, 998_830, 998_968,
        999_089, 999_196, 999_290, 999_374, 999_447, 999_512, 999_569, 999_620, 999_665,
    ]

    /// A confidence of 0...1 in parts per million, rounded half up in double arithmetic.
    package static func partsPerMillion(_ confidence: Double) -> Int {
        Int((confidence * 1_000_000 + 0.5).rounded(.down))
    }

    /// How many edges are at or below `ppm`: 0...129.
    package static func bin(partsPerMillion ppm: Int) -> Int {
        var low = 0
        var high = edges.count
        while low < high {
            let middle = (low + high) / 2
            if edges[middle] <= ppm { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
