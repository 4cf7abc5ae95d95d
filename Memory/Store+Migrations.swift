import Foundation
import GRDB

extension Store {
    /// The migrations in order. One that has shipped is never edited: a change is a new file. The
    /// build embeds each file under its name, with `_` for its first digit.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        for (name, bytes) in [
            ("0001-journal", PackageResources._001_journal_sql),
            ("0002-experience", PackageResources._002_experience_sql),
            ("0003-model-calls", PackageResources._003_model_calls_sql),
            ("0004-reviews", PackageResources._004_reviews_sql),
        ] {
            migrator.registerMigration(name) { database in
                try database.execute(sql: String(decoding: bytes, as: UTF8.self))
            }
        }
        return migrator
    }

    static func migrate(_ pool: DatabasePool, path: String) throws {
        if try pool.read(migrator.hasBeenSuperseded) { throw MemoryError.newer(path: path) }
        let foreign = try pool.read { database in
            try database.tableExists("grdb_migrations") == false
                && Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") != 0
        }
        if foreign {
            throw MemoryError.unreadable(path: path, reason: "a SQLite file of another program")
        }
        try migrator.migrate(pool)
    }
}
