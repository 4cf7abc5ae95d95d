import Foundation
import JSON

/// Debian's Chromium without a window, for tests of pages: real key strokes, clicks, cookies, layout and
/// accessibility, over the DevTools protocol on a pipe (no port is opened).
///
/// ```swift
/// @Suite(.enabled(if: HeadlessBrowser.path != nil, "needs chromium"), .serialized)
///
/// let browser = try await HeadlessBrowser(width: 1_200, height: 800)
/// let ada = try await browser.newTab(server.url + "/queue")
/// let ben = try await browser.newTab(server.url + "/queue")   // with cookies of its own
/// try await ada.press("j")
/// try await ada.wait(for: "[aria-current]")
/// try ada.checkSilence()
/// await browser.close()
/// ```
///
/// Read next: ``BrowserTab``. A browser that is released without ``close()`` is killed; either way no
/// process and no profile folder stays behind.
public final class HeadlessBrowser: Sendable {
    /// The program; nil where there is none, and suites that need it should skip and say so.
    public static let path: String? = [
        "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome",
    ].first { FileManager.default.isExecutableFile(atPath: $0) }

    private let process: BrowserProcess
    private let pipe: DevToolsPipe

    /// Starts the browser with a new, empty profile.
    ///
    /// - Parameters:
    ///   - width: of the window, CSS pixels; a tab can have another, see ``BrowserTab/setViewport``.
    ///   - height: of the window, CSS pixels.
    /// - Throws: ``BrowserError`` when there is no browser or it does not answer.
    public init(width: Int = 1_200, height: Int = 800) async throws {
        guard let path = Self.path else { throw BrowserError.absent }
        process = try BrowserProcess(path: path, width: width, height: height)
        pipe = DevToolsPipe(reading: process.output, writing: process.input)
        _ = try await pipe.send("Browser.getVersion")
    }

    deinit { kill() }

    /// Opens a tab and waits until its page has loaded.
    ///
    /// - Parameters:
    ///   - address: of the page; an empty page when absent.
    ///   - other: the tab whose cookies and storage it shares; none: it has its own.
    public func newTab(_ address: String? = nil, beside other: BrowserTab? = nil) async throws
        -> BrowserTab
    {
        let context: String
        if let other {
            context = other.context
        } else {
            let made = try await pipe.send("Target.createBrowserContext")
            context = try made.text(of: "browserContextId", in: "Target.createBrowserContext")
        }
        let target = try await pipe.send(
            "Target.createTarget", ["url": "about:blank", "browserContextId": .string(context)]
        ).text(of: "targetId", in: "Target.createTarget")
        let session = try await pipe.send(
            "Target.attachToTarget", ["targetId": .string(target), "flatten": true]
        ).text(of: "sessionId", in: "Target.attachToTarget")
        let tab = BrowserTab(pipe: pipe, session: session, target: target, context: context)
        try await tab.enable()
        if let address { try await tab.goto(address) }
        return tab
    }

    /// The number of the browser's own process, which is also that of its group.
    public var processIdentifier: Int32 { process.identifier }

    /// Where its profile lies while it runs.
    public var profile: URL { process.profile }

    /// How many processes run in a group, see ``processIdentifier``.
    public static func processCount(inGroup group: Int32) -> Int {
        BrowserProcess.count(inGroup: group)
    }

    /// Ends it. It is killed: asked to end it takes seconds over a profile that goes with it anyway.
    public func close() async { kill() }

    /// SIGKILL to it and all that it started, as a crash of the machine would.
    public func kill() {
        process.kill()
        pipe.end()
    }
}

extension JSONValue {
    func text(of name: String, in method: String) throws(BrowserError) -> String {
        guard let text = self[name]?.string else {
            throw .refused(method: method, reason: "the answer has no \(name)")
        }
        return text
    }
}
