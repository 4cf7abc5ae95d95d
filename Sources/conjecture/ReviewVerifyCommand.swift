import ArgumentParser
import Digests
import Reviewing

struct ReviewVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check that nothing in the audit of decisions was changed.",
        discussion: """
            Every event is chained to the one before it by a hash, every item must stand where its events \
            put it, and every sheet must be what was decided on. The hash of the last event, kept elsewhere, \
            shows later that nothing was cut off the end.

            Examples:
              conjecture review verify
              conjecture review verify --head 9f86d081884c7d65...
            """)

    @OptionGroup var memory: MemoryOptions

    @Option(
        help: "The hash of an event that must be in the audit, for instance an earlier last one.")
    var head: String?

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let queue = ReviewQueue(store: try memory.openExisting())
        let found = try await queue.verify()
        if let head, try await !queue.hasEvent(hash: head) {
            throw ReviewError.auditBroken(
                sequence: found.events,
                reason: "no event has the hash \(SafeText.plain(head, limit: 64))")
        }
        if json {
            print(try CanonicalJSON.encode(found))
        } else {
            print("events     \(found.events)")
            print("items      \(found.items)")
            print("decisions  \(found.decisions)")
            print("head       \(found.head)")
        }
    }
}
