import Foundation

extension Format {
    /// Three significant digits, for values of features, whose size is not known beforehand.
    static func significant(_ value: Double) -> String {
        guard value.isFinite, value != 0 else { return number(value, digits: 0) }
        let size = abs(value)
        if size < 1e-3 || size >= 1e6 {
            return String(format: "%.2e", value).replacing("-", with: "−")
        }
        let places = max(0, 2 - Int(floor(log10(size))))
        let text = number(value, digits: places)
        guard text.contains(".") else { return text }
        return String(text.reversed().drop { $0 == "0" }.drop { $0 == "." }.reversed())
    }

    /// A p-value or a q-value.
    static func probability(_ value: Double) -> String {
        guard value.isFinite else { return "–" }
        if value < 0.0001 { return "< 0.0001" }
        return number(value, digits: value < 0.001 ? 4 : value < 0.1 ? 3 : 2)
    }

    /// A weight or a gain, whose sign matters.
    static func signed(_ value: Double, digits: Int) -> String {
        let text = number(value, digits: digits)
        return value > 0 ? "+" + text : text
    }

    static func percent(_ share: Double) -> String { number(share * 100, digits: 1) + " %" }
}
