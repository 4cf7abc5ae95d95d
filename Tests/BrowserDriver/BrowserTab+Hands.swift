import Foundation
import JSON

/// Keys and clicks, as the operating system would report them.
extension BrowserTab {
    /// Keys held down, with the protocol's numbers.
    public struct Modifiers: OptionSet, Sendable {
        public let rawValue: Int

        public init(rawValue: Int) { self.rawValue = rawValue }

        public static let alt = Modifiers(rawValue: 1)
        public static let control = Modifiers(rawValue: 2)
        public static let shift = Modifiers(rawValue: 8)
    }

    /// Presses and releases a key: one character, or "Enter", "Escape", "Tab", "ArrowDown" …
    ///
    /// - Throws: ``BrowserError/unknownKey(_:)``.
    public func press(_ name: String, _ modifiers: Modifiers = []) async throws {
        let key = try Key(name)
        for isDown in [true, false] {
            try await send(
                "Input.dispatchKeyEvent", key.event(isDown: isDown, modifiers: modifiers))
        }
    }

    /// Writes a text into whatever has the focus, key by key; what no key of a plain keyboard writes is
    /// put in as an input method would.
    public func type(_ text: String) async throws {
        for character in text {
            if character == "\n" {
                try await press("Enter")
            } else if character.isASCII {
                try await press(String(character))
            } else {
                try await send("Input.insertText", ["text": .string(String(character))])
            }
        }
    }

    /// Clicks the middle of the first element that matches, after bringing it into view.
    ///
    /// - Throws: ``BrowserError/missing(selector:)``, or ``BrowserError/covered(selector:by:)`` when a
    ///   click there would hit something else.
    public func click(_ selector: String) async throws {
        let place = try await evaluate(
            """
            (() => {
                const element = document.querySelector(\(Self.literal(selector)));
                if (!element) return null;
                element.scrollIntoView({block: "center", inline: "center", behavior: "instant"});
                const box = element.getBoundingClientRect();
                const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
                const top = document.elementFromPoint(x, y);
                const hits = top && (element.contains(top) || top.contains(element)
                    || [...(element.labels ?? [])].some(label => label.contains(top)));
                return {x, y, over: hits ? null : top ? top.outerHTML.slice(0, 120) : "nothing"};
            })()
            """)
        guard let x = place["x"]?.number, let y = place["y"]?.number else {
            throw BrowserError.missing(selector: selector)
        }
        if let other = place["over"]?.string {
            throw BrowserError.covered(selector: selector, by: other)
        }
        for kind in ["mouseMoved", "mousePressed", "mouseReleased"] {
            try await send(
                "Input.dispatchMouseEvent",
                [
                    "type": .string(kind), "x": .number(x), "y": .number(y),
                    "button": kind == "mouseMoved" ? "none" : "left",
                    "clickCount": kind == "mouseMoved" ? 0 : 1,
                ])
        }
    }
}
