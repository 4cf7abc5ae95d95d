/// Why a browser could not do what a test asked.
public enum BrowserError: Error, Hashable {
    case absent
    case start(code: Int32)
    case ended(method: String)
    case timedOut(what: String, seconds: Double)
    case refused(method: String, reason: String)
    /// A script that a test ran has thrown.
    case exception(String)
    case navigation(address: String, reason: String)
    case missing(selector: String)
    case covered(selector: String, by: String)
    case unknownKey(String)
    case noise(dialogs: [String], errors: [String])
}

extension BrowserError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .absent: "There is no Chromium: install it (apt install chromium)."
        case .start(let code): "Chromium did not start: error \(code) of the system."
        case .ended(let method): "The browser ended before it answered \(method)."
        case .timedOut(let what, let seconds): "Nothing came of \(what) within \(seconds) s."
        case .refused(let method, let reason): "\(method): \(reason)"
        case .exception(let text): "The script threw: \(text)"
        case .navigation(let address, let reason): "\(address) did not load: \(reason)"
        case .missing(let selector): "Nothing on the page matches \(selector)."
        case .covered(let selector, let other):
            "\(selector) cannot be clicked: \(other) lies over it."
        case .unknownKey(let name):
            "No key is called \"\(name)\": use a character or one of \(Key.names)."
        case .noise(let dialogs, let errors):
            "The page opened dialogs \(dialogs) and reported errors \(errors)."
        }
    }
}
