import Foundation
import JSON

/// What is seen and what is read aloud.
extension BrowserTab {
    /// The size of the page's window in CSS pixels; `isMobile`: as on a telephone, with its viewport
    /// rules and touch.
    public func setViewport(width: Int, height: Int, isMobile: Bool = false) async throws {
        try await send(
            "Emulation.setDeviceMetricsOverride",
            [
                "width": .integer(width), "height": .integer(height), "deviceScaleFactor": 1,
                "mobile": .bool(isMobile),
            ])
        try await send("Emulation.setTouchEmulationEnabled", ["enabled": .bool(isMobile)])
    }

    /// Whether the reader prefers a dark page.
    public func prefersDark(_ isDark: Bool) async throws {
        try await send(
            "Emulation.setEmulatedMedia",
            [
                "features": [
                    ["name": "prefers-color-scheme", "value": isDark ? "dark" : "light"]
                ]
            ])
    }

    /// What the window shows, as PNG; the whole page on demand.
    public func screenshot(ofWholePage isWhole: Bool = false) async throws -> Data {
        let answer = try await send(
            "Page.captureScreenshot", ["format": "png", "captureBeyondViewport": .bool(isWhole)])
        let text = try answer.text(of: "data", in: "Page.captureScreenshot")
        return Data(base64Encoded: text) ?? Data()
    }

    /// One element as a screen reader has it.
    public struct AccessibleNode: Sendable, Hashable {
        /// "button", "heading", "link" …
        public let role: String
        public let name: String
        public let isFocusable: Bool
    }

    /// What a screen reader goes through, in the order of the page.
    public func accessibleNodes() async throws -> [AccessibleNode] {
        let answer = try await send("Accessibility.getFullAXTree")
        return (answer["nodes"]?.array ?? []).compactMap { node in
            guard node["ignored"]?.bool != true, let role = node["role"]?["value"]?.string else {
                return nil
            }
            let properties = node["properties"]?.array ?? []
            let isFocusable = properties.contains {
                $0["name"]?.string == "focusable" && $0["value"]?["value"]?.bool == true
            }
            let name = node["name"]?["value"]?.string ?? ""
            return AccessibleNode(role: role, name: name, isFocusable: isFocusable)
        }
    }
}
