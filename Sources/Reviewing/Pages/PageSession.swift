import Foundation

/// Who looks at a page, and what lets the page's script act for them.
public struct PageSession: Hashable, Sendable {
    public let rater: String
    /// Sent back with every act; a foreign page does not know it.
    public let formToken: String

    public init(rater: String, formToken: String) {
        self.rater = rater
        self.formToken = formToken
    }
}

/// The files that the pages load.
public enum ReviewAssets {
    public static let css = String(decoding: PackageResources.review_css, as: UTF8.self)
    public static let js = String(decoding: PackageResources.review_js, as: UTF8.self)
}

/// Where pages lie: on a server, or as files in a folder.
enum PageLinks: Hashable {
    case site
    /// - Parameter up: the way to the folder's top, "" or "../".
    case folder(up: String)

    var queue: String { path(site: "/", file: "index.html") }
    var runs: String { path(site: "/runs", file: "runs/index.html") }
    var stylesheet: String { path(site: "/assets/review.css", file: "review.css") }

    func item(_ id: String) -> String { page("items", id) }
    func run(_ id: String) -> String { page("runs", id) }

    /// A file is named by the escaped id, so the way to it escapes that once more.
    private func page(_ kind: String, _ id: String) -> String {
        let name = Self.escape(id)
        return path(site: "/\(kind)/\(name)", file: "\(kind)/\(Self.escape(name)).html")
    }

    private func path(site: String, file: String) -> String {
        switch self {
        case .site: site
        case .folder(let up): up + file
        }
    }

    private static let plain = CharacterSet(
        charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~")

    /// Safe as one part of a path and as a value of a query.
    static func escape(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: plain) ?? ""
    }
}
