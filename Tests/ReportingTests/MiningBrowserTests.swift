import Foundation
import Testing

@testable import Reporting

/// The page as a browser lays it out.
@Suite(.enabled(if: Browser.path != nil, "needs chromium"), .serialized)
struct MiningBrowserTests {
    @Test(arguments: [390, 1_200], [true, false])
    func thePageFits(width: Int, isDark: Bool) throws {
        let page = MiningReport(
            MiningSample.record(), study: String(repeating: "5d1c", count: 16),
            facts: MiningSample.facts, usage: try MiningSample.usage()
        ).html
        let layout = try Browser.layout(of: page, width: width, isDark: isDark)
        #expect(layout.pageWidth == width)
        #expect(layout.escaped.isEmpty, "wider than the page: \(layout.escaped)")
        #expect(layout.emptyDrawings == 0)
        #expect((layout.brightness < 60) == isDark)
    }
}

/// A browser without a window.
enum Browser {
    static let path = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    struct Layout: Decodable {
        /// The width that can be scrolled through.
        let pageWidth: Int
        /// Elements that reach beyond the page and do not lie in a part that scrolls by itself.
        let escaped: [String]
        let emptyDrawings: Int
        /// Of the background, 0…255.
        let brightness: Int
    }

    /// Lays a page out in a frame of a given width; a page round the frame, which may have a script as
    /// the report itself may not, measures it.
    static func layout(of page: String, width: Int, isDark: Bool) throws -> Layout {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "layout-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try page.write(
            to: folder.appendingPathComponent("page.html"), atomically: true, encoding: .utf8)
        let frame = folder.appendingPathComponent("frame.html")
        try measuring(width: width).write(to: frame, atomically: true, encoding: .utf8)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(path))
        process.arguments = [
            "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
            "--allow-file-access-from-files", "--user-data-dir=\(folder.path)/profile",
            "--blink-settings=preferredColorScheme=\(isDark ? 0 : 1)",
            "--window-size=1300,900", "--virtual-time-budget=5000", "--dump-dom",
            frame.absoluteString,
        ]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let dump = String(
            decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let result = try #require(dump.firstMatch(of: /<pre>(\{.*\})<\/pre>/)?.output.1)
        return try JSONDecoder().decode(Layout.self, from: Data(result.utf8))
    }

    private static func measuring(width: Int) -> String {
        """
        <!DOCTYPE html><iframe src="page.html" style="border:0;width:\(width)px;height:800px"></iframe>
        <pre></pre><script>
        const frame = document.querySelector("iframe");
        frame.onload = () => {
            const page = frame.contentDocument;
            page.querySelectorAll("details").forEach(part => part.open = true);
            const escaped = [...page.querySelectorAll("main *")].filter(part =>
                !part.closest(".scroll") && !part.closest("svg")
                && part.getBoundingClientRect().right > \(width) + 0.5);
            const drawings = [...page.querySelectorAll("svg:not([aria-hidden])")].filter(part =>
                part.getBoundingClientRect().width < 50);
            const colour = frame.contentWindow.getComputedStyle(page.body).backgroundColor;
            document.querySelector("pre").textContent = JSON.stringify({
                pageWidth: page.documentElement.scrollWidth,
                escaped: escaped.map(part => part.tagName + "." + part.className),
                emptyDrawings: drawings.length,
                brightness: Math.max(...colour.match(/[0-9]+/g).map(Number)),
            });
        };
        </script>
        """
    }
}
