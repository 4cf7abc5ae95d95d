import Foundation
import GRDB
import Testing

@testable import Memory

@Suite struct StoreOpeningTests {
    @Test func leavesAFileThatIsNoDatabaseAsItIs() throws {
        let scratch = try Scratch()
        let path = scratch.path("memory.sqlite")
        let content = Data(repeating: 65, count: 5_000)
        try content.write(to: URL(fileURLWithPath: path))
        #expect {
            try Store(path: path)
        } throws: { error in
            "\(error)".contains(path) && "\(error)".contains("--memory")
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == content)
    }

    @Test func leavesADatabaseOfAnotherProgramAsItIs() throws {
        let scratch = try Scratch()
        let path = scratch.path("other.sqlite")
        try DatabaseQueue(path: path).write { try $0.execute(sql: "CREATE TABLE mine (x)") }
        #expect(throws: MemoryError.self) { try Store(path: path) }
        let tables = try DatabaseQueue(path: path).read {
            try String.fetchAll($0, sql: "SELECT name FROM sqlite_master")
        }
        #expect(tables == ["mine"])
    }

    @Test func refusesAMemoryOfANewerVersion() async throws {
        let scratch = try Scratch()
        let path = scratch.path("memory.sqlite")
        let store = try Store(path: path)
        try await store.write {
            try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('9999-from-the-future')")
        }
        #expect(throws: MemoryError.newer(path: path)) { try Store(path: path) }
    }

    @Test func bringsEveryEarlierVersionUpToDate_keepingItsRows() async throws {
        let names = Store.migrator.migrations
        for upTo in names.dropLast() {
            let scratch = try Scratch()
            let path = scratch.path("memory.sqlite")
            let pool = try DatabasePool(path: path)
            try Store.migrator.migrate(pool, upTo: upTo)
            try await pool.write {
                try $0.execute(
                    sql: """
                        INSERT INTO run (id, manifest, manifestHash, state, createdAt)
                        VALUES ('old', '{}', 'h', 'finished', '2026-01-01T00:00:00Z')
                        """)
            }
            try pool.close()
            let store = try Store(path: path)
            #expect(try await store.run("old").state == .finished)
            #expect(try await store.search("anything", limit: 1).isEmpty)
        }
    }

    @Test(arguments: 0..<10)
    func opensANewMemory_whenManyOpenItAtOnce(round: Int) async throws {
        let scratch = try Scratch()
        let path = scratch.path("memory.sqlite")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<6 {
                group.addTask { _ = try await Store(path: path).runs() }
            }
            try await group.waitForAll()
        }
    }

    @Test func saysThatTheDiskIsFull_andKeepsWhatWasThere() async throws {
        let scratch = try Scratch()
        let path = scratch.path("memory.sqlite")
        let store = try Store(path: path)
        let run = try await store.begin(prefix: "explain", manifest: "{}", now: Date())
        try await store.append(kind: "k", body: "{}", run: run.id, inquiry: "a", sequence: 0)
        try await store.write { database in
            let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
            try database.execute(sql: "PRAGMA max_page_count = \(pages + 1)")
        }
        await #expect(throws: MemoryError.full(path: path)) {
            let body = String(repeating: "x", count: 100_000)
            try await store.append(kind: "k", body: body, run: run.id, inquiry: "a", sequence: 1)
        }
        #expect(try await store.journal(run: run.id, inquiry: "a").count == 1)
        try await store.verifyChain(run: run.id)
    }
}
