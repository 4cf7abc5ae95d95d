/// A time column's cell as a number that grows with time.
///
/// Read are numbers (as they are), ISO 8601 dates with or without a time of day ("2006-07-01",
/// "2006-07-01T12:30:00Z"; other offsets than Z are not read) and English dates ("July 1, 2006").
/// Dates become seconds since 1970 UTC.
enum Moment {
    static func seconds(_ cell: Cell) -> Double? {
        if let number = cell.number { return number }
        guard case .text(let text) = cell else { return nil }
        return iso(text) ?? english(text)
    }

    private static func iso(_ text: String) -> Double? {
        let parts = text.split(maxSplits: 1) { $0 == "T" || $0 == " " }
        let date = (parts.first ?? "").split(separator: "-", omittingEmptySubsequences: false)
        guard date.count == 3, date[0].count == 4, let year = whole(date[0]),
            let month = whole(date[1]), let day = whole(date[2])
        else { return nil }
        guard let start = seconds(year: year, month: month, day: day) else { return nil }
        guard parts.count == 2 else { return start }
        return timeOfDay(parts[1]).map { start + $0 }
    }

    /// Seconds since midnight of "12:30", "12:30:05" or "12:30:05.25", with or without a final Z.
    private static func timeOfDay(_ text: Substring) -> Double? {
        let text = text.hasSuffix("Z") ? text.dropLast() : text
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2 || parts.count == 3, let hour = whole(parts[0]), hour < 24,
            let minute = whole(parts[1]), minute < 60
        else { return nil }
        guard parts.count == 3 else { return Double(hour * 3600 + minute * 60) }
        guard let second = Cell.text(String(parts[2])).number, (0..<61).contains(second) else {
            return nil
        }
        return Double(hour * 3600 + minute * 60) + second
    }

    private static func english(_ text: String) -> Double? {
        let parts = text.split { $0 == " " || $0 == "," }
        guard parts.count == 3, let day = whole(parts[1]), let year = whole(parts[2]),
            parts[0].count >= 3,
            let month = months.firstIndex(where: { $0.hasPrefix(parts[0].lowercased()) })
        else { return nil }
        return seconds(year: year, month: month + 1, day: day)
    }

    /// Days from the civil calendar (Hinnant 2013, `days_from_civil`), times 86,400.
    private static func seconds(year: Int, month: Int, day: Int) -> Double? {
        guard (1...12).contains(month), (1...31).contains(day), (0...9999).contains(year) else {
            return nil
        }
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return Double(era * 146_097 + dayOfEra - 719_468) * 86_400
    }

    private static func whole(_ text: Substring) -> Int? {
        text.utf8.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains) ? Int(text) : nil
    }

    private static let months = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september",
        "october", "november", "december",
    ]
}
