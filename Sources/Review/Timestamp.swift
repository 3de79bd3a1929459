/// An instant, in whole milliseconds UTC since 1970.
///
/// It is told to people, never used to order.
package struct Timestamp: Hashable, Sendable, Comparable {
    package let milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// The instant `milliseconds` later, kept within the range of an Int64.
    package func advanced(byMilliseconds step: Int64) -> Timestamp {
        let (sum, overflow) = milliseconds.addingReportingOverflow(step)
        return Timestamp(milliseconds: overflow ? (step < 0 ? .min : .max) : sum)
    }

    package var json: JSON { .integer(milliseconds) }
}

// MARK: - RFC 3339

extension Timestamp: CustomStringConvertible {
    /// RFC 3339 in UTC, with milliseconds only where there are some: `2026-11-25T10:00:00Z`.
    package var description: String {
        let (days, inDay) = milliseconds.quotientAndFloorRemainder(dividingBy: 86_400_000)
        let (year, month, day) = Self.civil(fromDays: days)
        let fraction = inDay % 1000
        return "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))T"
            + "\(Self.padded(inDay / 3_600_000, 2)):\(Self.padded(inDay / 60_000 % 60, 2)):"
            + Self.padded(inDay / 1000 % 60, 2)
            + (fraction == 0 ? "" : "." + Self.padded(fraction, 3)) + "Z"
    }

    /// Reads an RFC 3339 time with `Z` or an offset, or returns nil.
    package init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        func digits(_ range: Range<Int>) -> Int64? {
            guard range.upperBound <= bytes.count else { return nil }
            var value: Int64 = 0
            for byte in bytes[range] {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                value = value * 10 + Int64(byte - UInt8(ascii: "0"))
            }
            return value
        }
        guard bytes.count >= 20, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            bytes[10] | 0x20 == UInt8(ascii: "t"), bytes[13] == UInt8(ascii: ":"),
            bytes[16] == UInt8(ascii: ":"),
            let year = digits(0..<4), let month = digits(5..<7), let day = digits(8..<10),
            let hour = digits(11..<13), let minute = digits(14..<16), let second = digits(17..<19),
            (1...12).contains(month), (1...Self.length(of: month, in: year)).contains(day),
            hour < 24, minute < 60, second < 61
        else { return nil }
        var end = 19
        var fraction: Int64 = 0
        if bytes[end] == UInt8(ascii: ".") {
            var places = 0
            end += 1
            while end < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[end]) {
                if places < 3 { fraction = fraction * 10 + Int64(bytes[end] - UInt8(ascii: "0")) }
                places += 1
                end += 1
            }
            guard places > 0 else { return nil }
            for _ in places..<max(3, places) where places < 3 { fraction *= 10 }
        }
        var offsetMinutes: Int64 = 0
        switch bytes.count - end {
        case 1 where bytes[end] | 0x20 == UInt8(ascii: "z"): break
        case 6 where bytes[end] == UInt8(ascii: "+") || bytes[end] == UInt8(ascii: "-"):
            guard bytes[end + 3] == UInt8(ascii: ":"), let hours = digits(end + 1..<end + 3),
                let minutes = digits(end + 4..<end + 6), hours < 24, minutes < 60
            else { return nil }
            offsetMinutes = (hours * 60 + minutes) * (bytes[end] == UInt8(ascii: "-") ? -1 : 1)
        default: return nil
        }
        let seconds = Self.days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second
        milliseconds = (seconds - offsetMinutes * 60) * 1000 + fraction
    }

    private static func length(of month: Int64, in year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days since 1970 of a date in the proleptic Gregorian calendar (Hinnant 2013, days_from_civil).
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let y = month <= 2 ? year - 1 : year
        let era = (y >= 0 ? y : y - 399) / 400
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
            - 719_468
    }

    /// The date of a number of days since 1970 (Hinnant 2013, civil_from_days).
    private static func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = (days + 719_468).quotientAndFloorRemainder(dividingBy: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    private static func padded(_ value: Int64, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

extension Int64 {
    /// Quotient rounded down and a remainder that is never negative.
    fileprivate func quotientAndFloorRemainder(dividingBy divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
