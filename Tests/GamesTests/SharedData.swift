import Foundation
import Testing

/// Files too large for the repository, kept in a `shared/data` folder.
///
/// Looked for in the folder named by CONJECTURE_DATA, then in `shared/data` of every folder above
/// this file. Tests that need one are disabled, with the reason, where it is absent.
enum SharedData {
    static let absence: Comment =
        "the file is not there: put it into shared/data above the package, or set CONJECTURE_DATA"

    static let othelloGames = file("games/othello-games.csv")

    static func file(_ path: String) -> URL? {
        var folders: [URL] = []
        if let named = ProcessInfo.processInfo.environment["CONJECTURE_DATA"] {
            folders.append(URL(fileURLWithPath: named))
        }
        var folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        while folder.path != "/" {
            folder.deleteLastPathComponent()
            folders.append(folder.appendingPathComponent("shared/data"))
        }
        return folders.map { $0.appendingPathComponent(path) }
            .first { FileManager.default.fileExists(atPath: $0.path) }
    }
}
