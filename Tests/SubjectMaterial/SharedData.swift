import Foundation
import Testing

/// Files too large for the repository, kept in a `shared/data` folder.
///
/// Looked for in the folder named by CONJECTURE_DATA, then in `shared/data` of every folder above
/// this file. Tests that need one are disabled, with the reason, where it is absent.
public enum SharedData {
    public static let absence: Comment =
        "the file is not there: put it into shared/data above the package, or set CONJECTURE_DATA"

    public static func file(_ path: String) -> String? {
        var folders: [URL] = []
        if let named = ProcessInfo.processInfo.environment["CONJECTURE_DATA"] {
            folders.append(URL(fileURLWithPath: named))
        }
        var folder = packageRoot
        while folder.path != "/" {
            folder.deleteLastPathComponent()
            folders.append(folder.appendingPathComponent("shared/data"))
        }
        return folders.map { $0.appendingPathComponent(path).path }
            .first { FileManager.default.fileExists(atPath: $0) }
    }

    public static var packageRoot: URL {
        URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    }
}
