import JSON

/// A key of a keyboard, as the protocol wants it described.
struct Key {
    /// As `KeyboardEvent.key` gives it.
    let name: String
    /// The physical key, as `KeyboardEvent.code` gives it; empty where it depends on the layout.
    let code: String
    let number: Int
    /// What it writes; nil for keys that write nothing.
    let text: String?
    let needsShift: Bool

    private static let special: [String: (code: String, number: Int, text: String?)] = [
        "Enter": ("Enter", 13, "\r"), "Escape": ("Escape", 27, nil), "Tab": ("Tab", 9, nil),
        "Backspace": ("Backspace", 8, nil), "Delete": ("Delete", 46, nil),
        "ArrowLeft": ("ArrowLeft", 37, nil), "ArrowUp": ("ArrowUp", 38, nil),
        "ArrowRight": ("ArrowRight", 39, nil), "ArrowDown": ("ArrowDown", 40, nil),
        "PageUp": ("PageUp", 33, nil), "PageDown": ("PageDown", 34, nil),
        "Home": ("Home", 36, nil), "End": ("End", 35, nil), " ": ("Space", 32, " "),
    ]

    static var names: String { special.keys.sorted().joined(separator: ", ") }

    /// - Parameter name: "Enter" and the like, or one character.
    init(_ name: String) throws(BrowserError) {
        self.name = name
        if let key = Self.special[name] {
            (code, number, text) = key
            needsShift = false
            return
        }
        guard name.count == 1, let character = name.first else { throw .unknownKey(name) }
        text = name
        if character.isASCII, character.isLetter {
            code = "Key" + name.uppercased()
            number = Int(name.uppercased().utf8.first ?? 0)
        } else if character.isASCII, character.isNumber {
            code = "Digit" + name
            number = Int(name.utf8.first ?? 0)
        } else {
            code = name == "/" || name == "?" ? "Slash" : ""
            number = code == "Slash" ? 191 : 0
        }
        needsShift = character.isUppercase || name == "?"
    }

    /// The parameters of `Input.dispatchKeyEvent` for going down or up.
    func event(isDown: Bool, modifiers: BrowserTab.Modifiers) -> JSONValue {
        var modifiers = modifiers
        if needsShift { modifiers.insert(.shift) }
        // With Control, Alt or Command down a key writes nothing.
        let text = modifiers.isSubset(of: .shift) ? text : nil
        var members: [JSONValue.Member] = [
            .init(name: "type", value: isDown ? (text == nil ? "rawKeyDown" : "keyDown") : "keyUp"),
            .init(name: "key", value: .string(name)),
            .init(name: "code", value: .string(code)),
            .init(name: "windowsVirtualKeyCode", value: .integer(number)),
            .init(name: "modifiers", value: .integer(modifiers.rawValue)),
        ]
        if isDown, let text { members.append(.init(name: "text", value: .string(text))) }
        return .object(members)
    }
}
