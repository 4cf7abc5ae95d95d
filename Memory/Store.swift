import Foundation
import GRDB

/// The memory: one SQLite file in write-ahead mode with the journal, the measurements and the
/// experience of every run. A value over a thread-safe pool; SQLite orders the writes.
///
/// Read first: ``Store/append(kind:body:run:inquiry:sequence:)``, ``Store/measurements(keys:)``,
/// ``Store/search(_:limit:)``. The memory knows no science: bodies are text and bytes to it.
public struct Store: Sendable {
    public let path: String
    let pool: DatabasePool

    /// Opens the memory at `path`, making it (and its folder) when there is none.
    ///
    /// - Throws: ``MemoryError`` when the file is no memory, is newer than this program, or cannot be
    ///   written. An existing file is never overwritten.
    public init(path: String) throws {
        self.path = path
        do {
            try Self.makeFolder(of: path)
            var configuration = Configuration()
            configuration.busyMode = .timeout(10)
            configuration.prepareDatabase { database in
                try database.execute(sql: "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON")
            }
            pool = try Self.open(path, configuration)
        } catch let error as MemoryError {
            throw error
        } catch let error as DatabaseError where Self.isUnreadable(error) {
            throw MemoryError.unreadable(path: path, reason: error.message ?? "unknown format")
        } catch let error as DatabaseError {
            throw Self.explain(error, path: path)
        } catch {
            throw MemoryError.failed(path: path, reason: error.localizedDescription)
        }
    }

    /// Two processes may open a new memory at the same moment. Turning to write-ahead mode takes the file
    /// for a moment without waiting for it; and which migrations are due is read before they are made, so
    /// that the slower process fails on a table that is there. On trying again it finds all done.
    private static func open(
        _ path: String, _ configuration: Configuration
    ) throws -> DatabasePool {
        for _ in 0..<50 {
            do {
                return try openOnce(path, configuration)
            } catch let error as DatabaseError
                where [.SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_ERROR, .SQLITE_CONSTRAINT].contains(
                    error.resultCode.primaryResultCode)
            {
                Thread.sleep(forTimeInterval: 0.02)
            }
        }
        return try openOnce(path, configuration)
    }

    private static func openOnce(
        _ path: String, _ configuration: Configuration
    ) throws -> DatabasePool {
        let pool = try DatabasePool(path: path, configuration: configuration)
        try migrate(pool, path: path)
        return pool
    }

    private static func makeFolder(of path: String) throws {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw MemoryError.failed(path: path, reason: "its folder cannot be made")
        }
    }

    private static func isUnreadable(_ error: DatabaseError) -> Bool {
        [.SQLITE_NOTADB, .SQLITE_CORRUPT].contains(error.resultCode.primaryResultCode)
    }

    private static func explain(_ error: DatabaseError, path: String) -> MemoryError {
        switch error.resultCode.primaryResultCode {
        case .SQLITE_FULL: .full(path: path)
        case .SQLITE_NOTADB, .SQLITE_CORRUPT:
            .unreadable(path: path, reason: error.message ?? "damaged")
        default: .failed(path: path, reason: error.message ?? error.resultCode.description)
        }
    }

    /// Runs `body` in one transaction and says in our own words what went wrong.
    func write<T: Sendable>(_ body: @Sendable @escaping (Database) throws -> T) async throws -> T {
        do {
            return try await pool.write(body)
        } catch let error as DatabaseError {
            throw Self.explain(error, path: path)
        }
    }

    func read<T: Sendable>(_ body: @Sendable @escaping (Database) throws -> T) async throws -> T {
        do {
            return try await pool.read(body)
        } catch let error as DatabaseError {
            throw Self.explain(error, path: path)
        }
    }
}
