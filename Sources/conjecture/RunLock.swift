import Foundation
import Memory

/// Keeps a run to one process: two would ask the same questions twice, and each with a budget of its
/// own. The lock goes with its process, however that ends.
struct RunLock {
    private let descriptor: Int32

    /// - Parameter memory: its path.
    /// - Throws: ``MemoryError`` when another process carries the run out, or its folder cannot be made.
    init(run: String, memory: String) throws {
        let folder = MemoryOptions.folder(of: run, beside: memory)
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let path = folder.appendingPathComponent("lock").path
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw MemoryError.failed(
                path: path, reason: "it cannot be written (\(String(cString: strerror(errno))))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw MemoryError.inUse(run: run)
        }
    }

    func release() { close(descriptor) }
}
