/// How a cell looks: attributes that every terminal has, and one of its own eight colours. Nothing
/// is told by colour alone.
struct Style: Hashable, Sendable {
    enum Colour: Int, Hashable, Sendable, CaseIterable {
        case red = 31
        case green = 32
        case yellow = 33
        case blue = 34
        case magenta = 35
        case cyan = 36
    }

    var isBold = false
    var isFaint = false
    var isUnderlined = false
    var isReversed = false
    var colour: Colour?

    static let plain = Style()
    static let bold = Style(isBold: true)
    static let faint = Style(isFaint: true)
    static let reversed = Style(isReversed: true)

    static func coloured(_ colour: Colour, isBold: Bool = false) -> Style {
        Style(isBold: isBold, colour: colour)
    }

    /// The same in reverse, or back.
    var flipped: Style {
        var style = self
        style.isReversed.toggle()
        return style
    }

    /// The control sequence that sets this look and no other.
    func sequence(hasColours: Bool) -> String {
        var codes = ["0"]
        if isBold { codes.append("1") }
        if isFaint { codes.append("2") }
        if isUnderlined { codes.append("4") }
        if isReversed { codes.append("7") }
        if hasColours, let colour { codes.append(String(colour.rawValue)) }
        return "\u{1B}[" + codes.joined(separator: ";") + "m"
    }
}
