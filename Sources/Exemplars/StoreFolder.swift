import Foundation
import JSON
import Subjects

/// The files of a store, by name.
struct StoreFolder {
    let path: String

    func file(_ name: String) -> String { path + "/" + name }

    /// Makes the folder if it is not there, and keeps others from writing to it.
    func prepare() throws(ExemplarError) -> StoreLock {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true)
        } catch {
            throw .unwritable(path: path, reason: error.localizedDescription)
        }
        return try StoreLock(path: file(ExemplarFormat.lock), store: path)
    }

    /// What was begun or made here, or nil for nothing.
    func manifest() throws(ExemplarError) -> ExemplarManifest? {
        let path = file(ExemplarFormat.manifest)
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let json: JSONValue
        do {
            let file = try MappedFile(path: path)
            defer { withExtendedLifetime(file) {} }
            json = try JSONValue(parsing: file.bytes)
        } catch {
            throw .damaged(path: path, place: "the file", reason: "\(error)")
        }
        return try ExemplarManifest(json, path: path)
    }

    func write(_ manifest: ExemplarManifest) throws(ExemplarError) {
        try FileWriter.replace(
            file(ExemplarFormat.manifest), with: Array((manifest.json.text + "\n").utf8))
    }

    /// Opens the contexts for appending after those that a checkpoint counts.
    func openPart(from offset: Int) throws(ExemplarError) -> FileWriter {
        let path = file(ExemplarFormat.part)
        if offset > 0 {
            let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size]) as? Int
            guard let size, size >= offset else {
                throw .damaged(
                    path: path, place: "the end",
                    reason: "the checkpoint counts \(offset) bytes, there are \(size ?? 0)")
            }
        }
        return try FileWriter(path: path, from: offset)
    }

    /// Removes what only an unfinished pass needs.
    func removeLeftovers() {
        for name in [ExemplarFormat.checkpoint, ExemplarFormat.part] {
            for path in [file(name), file(name) + ".new"] {
                try? FileManager.default.removeItem(atPath: path)
            }
        }
    }
}

/// One process at a time writes to a store; the system lets go when a process ends.
struct StoreLock {
    private let descriptor: Int32

    init(path: String, store: String) throws(ExemplarError) {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw .unwritable(path: path, reason: String(cString: strerror(errno)))
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw .locked(path: store)
        }
    }

    func release() { close(descriptor) }
}
