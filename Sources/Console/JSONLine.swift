extension Output {
    /// Writes one line of JSON that is safe on a terminal and means the same to a program.
    ///
    /// Characters that would act on a terminal, or hide, stand only inside of strings, where JSON may
    /// write them as `\u…` escapes (RFC 8259, section 7).
    package func json(_ text: String) throws(OutputFailure) {
        guard text.unicodeScalars.contains(where: acts) else { return try line(text) }
        var safe = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            guard acts(scalar) else {
                safe.append(scalar)
                continue
            }
            for unit in UTF16.encode(scalar) ?? UTF16.encodedReplacementCharacter {
                let digits = String(unit, radix: 16)
                safe +=
                    ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
                    .unicodeScalars
            }
        }
        try line(String(safe))
    }
}
