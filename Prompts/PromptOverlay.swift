import Foundation

/// A user's folder of prompts, read with care: only files that replace a shipped one, of a sane
/// size, in UTF-8, and inside the folder. Names that begin with a point (`.git`) are passed over.
struct PromptOverlay {
    private(set) var sources: [PromptSource] = []
    private(set) var faults: [PromptError] = []
    private let folder: String

    static let byteLimit = 256 * 1_024

    init(_ folder: String) {
        self.folder = folder
        guard let root = Self.realPath(folder) else {
            faults.append(
                .unreadable(path: folder, reason: "there is no such folder; check the path"))
            return
        }
        list(root: root, inside: nil)
        if sources.isEmpty, faults.isEmpty {
            faults.append(.noPrompts(folder: folder, known: ShippedFile.replaceable))
        }
    }

    /// - Parameter inside: a folder of the set; nil at the top. There is no deeper level.
    private mutating func list(root: String, inside: String?) {
        let place = inside.map { "\(root)/\($0)" } ?? root
        let label = inside.map { "\(folder)/\($0)" } ?? folder
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: place) else {
            faults.append(
                .unreadable(path: label, reason: "is not a folder that can be read; check the path")
            )
            return
        }
        let folders = Set(ShippedFile.all.compactMap { $0.path.split(separator: "/").first })
        for name in names.sorted() where !name.hasPrefix(".") {
            let path = inside.map { "\($0)/\(name)" } ?? name
            if inside == nil, folders.contains(Substring(name)) {
                guard isInside(path, root: root) else { continue }
                list(root: root, inside: name)
            } else {
                read(path, root: root)
            }
        }
    }

    private mutating func read(_ path: String, root: String) {
        let label = "\(folder)/\(path)"
        let known = ShippedFile.replaceable
        guard known.contains(path) else {
            let isSample = ShippedFile.paths(.sample).contains(path)
            faults.append(
                isSample
                    ? .unreadable(
                        path: label,
                        reason:
                            "a sample says what the program supplies and cannot be replaced; use "
                            + "`conjecture prompt render --data` and remove it here")
                    : .unknownFile(path: label, known: known))
            return
        }
        guard isInside(path, root: root) else { return }
        do throws(PromptError) {
            let text = try PromptFile.read("\(root)/\(path)", label: label, limit: Self.byteLimit)
            sources.append(PromptSource(path: path, label: label, text: text, isUsers: true))
        } catch {
            faults.append(error)
        }
    }

    /// Whether a path ends inside the folder, whatever links it goes through.
    private mutating func isInside(_ path: String, root: String) -> Bool {
        let label = "\(folder)/\(path)"
        guard let real = Self.realPath("\(root)/\(path)") else {
            faults.append(.unreadable(path: label, reason: "leads nowhere; remove it"))
            return false
        }
        guard real.hasPrefix(root == "/" ? root : root + "/") else {
            faults.append(.outside(path: label, folder: folder))
            return false
        }
        return true
    }

    private static func realPath(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }
}
