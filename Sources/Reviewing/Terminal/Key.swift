/// What a person pressed.
enum Key: Hashable, Sendable {
    case character(Character)
    /// With the control key: a letter in lower case.
    case control(Character)
    /// With the alt key.
    case alternate(Character)
    case enter
    case tab
    case backTab
    case escape
    case backspace
    case delete
    case up
    case down
    case left
    case right
    case home
    case end
    case pageUp
    case pageDown
    /// Text that the terminal says was pasted; never taken for keys.
    case paste(String)
}
