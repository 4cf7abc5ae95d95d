import Foundation
import JSON
import Synchronization

/// One page and whoever sits before it: goes somewhere, reads what is there, waits. What hands and eyes
/// do is in `BrowserTab+Hands.swift` and `BrowserTab+Eyes.swift`.
public final class BrowserTab: Sendable {
    private let pipe: DevToolsPipe
    private let session: String
    private let target: String
    /// Whose cookies it has.
    let context: String
    private let record = Mutex(TabRecord())

    init(pipe: DevToolsPipe, session: String, target: String, context: String) {
        self.pipe = pipe
        self.session = session
        self.target = target
        self.context = context
        pipe.listen(to: session) { [weak self] in self?.note($0, $1) }
    }

    deinit { pipe.stopListening(to: session) }

    func enable() async throws {
        for domain in ["Page", "Runtime", "Log"] { try await send(domain + ".enable") }
        try await send("Page.setLifecycleEventsEnabled", ["enabled": true])
    }

    private func note(_ method: String, _ parameters: JSONValue) {
        record.withLock { $0.note(method, parameters) }
        // An open dialog stops the page.
        if method == "Page.javascriptDialogOpening" {
            pipe.post("Page.handleJavaScriptDialog", ["accept": true], session: session)
        }
    }

    /// Any command of the protocol for this tab.
    @discardableResult
    public func send(_ method: String, _ parameters: JSONValue = [:]) async throws(BrowserError)
        -> JSONValue
    {
        try await pipe.send(method, parameters, session: session)
    }

    // MARK: Going somewhere

    /// Loads a page and waits until it is there with all its resources.
    public func goto(_ address: String, within seconds: Double = 30) async throws {
        let answer = try await send("Page.navigate", ["url": .string(address)])
        if let reason = answer["errorText"]?.string {
            throw BrowserError.navigation(address: address, reason: reason)
        }
        // Absent where only the fragment changes.
        guard let loader = answer["loaderId"]?.string else { return }
        try await wait("the page \(address)", within: seconds) {
            record.withLock { $0.loaded.contains(loader) }
        }
    }

    /// Closes the tab.
    public func close() async throws {
        try await pipe.send("Target.closeTarget", ["targetId": .string(target)])
    }

    // MARK: Reading and waiting

    /// The value of an expression in the page; of a promise, what it brings. Undefined is null.
    ///
    /// - Throws: ``BrowserError/exception(_:)`` when it throws.
    @discardableResult
    public func evaluate(_ script: String) async throws(BrowserError) -> JSONValue {
        let answer = try await send(
            "Runtime.evaluate",
            [
                "expression": .string(script), "returnByValue": true, "awaitPromise": true,
                "userGesture": true,
            ])
        if let details = answer["exceptionDetails"] {
            throw .exception(TabRecord.text(ofException: details))
        }
        return answer["result"]?["value"] ?? .null
    }

    /// The text of the first element that matches, as it is laid out.
    ///
    /// - Throws: ``BrowserError/missing(selector:)``.
    public func text(_ selector: String) async throws(BrowserError) -> String {
        let script = "document.querySelector(\(Self.literal(selector)))?.innerText"
        guard let text = try await evaluate(script).string else {
            throw .missing(selector: selector)
        }
        return text
    }

    /// How many elements match.
    public func count(_ selector: String) async throws(BrowserError) -> Int {
        try await evaluate("document.querySelectorAll(\(Self.literal(selector))).length").integer
            ?? 0
    }

    /// Waits until something matches.
    public func wait(for selector: String, within seconds: Double = 10) async throws {
        try await wait(until: "document.querySelector(\(Self.literal(selector)))!==null", seconds)
    }

    /// Waits until an expression is true in the page, through any number of navigations.
    public func wait(until condition: String, _ seconds: Double = 10) async throws {
        try await wait(condition, within: seconds) {
            do throws(BrowserError) {
                return try await self.evaluate("Boolean(\(condition))").bool == true
            } catch .refused {
                // The document that was asked went away.
                return false
            }
        }
    }

    private func wait(
        _ what: String, within seconds: Double, _ condition: () async throws -> Bool
    ) async throws {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while try await !condition() {
            guard ContinuousClock.now < deadline else {
                throw BrowserError.timedOut(what: what, seconds: seconds)
            }
            try await Task.sleep(for: .milliseconds(15))
        }
    }

    /// The text as a literal of JavaScript.
    static func literal(_ text: String) -> String { JSONValue.string(text).text }

    // MARK: What the page did by itself

    /// The texts of the dialogs that scripts opened so far, each of which was accepted: of `alert(1)` in
    /// a text that should have been escaped, for one.
    public var dialogs: [String] { record.withLock { $0.dialogs } }

    /// What a console shows in red so far: errors, uncaught exceptions, what a policy refused.
    public var errors: [String] { record.withLock { $0.errors } }

    /// - Throws: ``BrowserError/noise(dialogs:errors:)`` when a dialog was opened or an error reported.
    public func checkSilence() throws(BrowserError) {
        let (dialogs, errors) = (dialogs, errors)
        guard dialogs.isEmpty && errors.isEmpty else {
            throw .noise(dialogs: dialogs, errors: errors)
        }
    }
}
