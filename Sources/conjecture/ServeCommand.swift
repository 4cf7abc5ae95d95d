import ArgumentParser
import Dispatch
import Foundation
import Memory
import Reviewing

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Let people decide in the browser what runs ask them.",
        discussion: """
            Prints an address for each rater; whoever opens it decides in that name, so give it to nobody \
            else. The queue is the one that `conjecture review` shows in the terminal. Ctrl-C ends it; \
            cookies stay good until --new-tokens.

            Examples:
              conjecture serve
              conjecture serve --rater ann --rater bob --port 9000
              ssh -L 8710:127.0.0.1:8710 host    # then open the address here
            """)

    @OptionGroup var memory: MemoryOptions

    @Option(help: "An address of this machine to listen on.")
    var host = "127.0.0.1"

    @Option(help: "The port; 0 takes any that is free.")
    var port = 8_710

    @Option(
        name: .customLong("rater"),
        help: ArgumentHelp(
            "Who may decide; may be given several times. Default: your user name.",
            valueName: "name"))
    var raters: [String] = []

    @Option(
        name: .customLong("name"),
        help: ArgumentHelp(
            "A name of this machine by which the pages may be opened.", valueName: "host"))
    var names: [String] = []

    @Flag(help: "Make new addresses and cookies; those given out before open nothing.")
    var newTokens = false

    @Flag(
        help: ArgumentHelp(
            "Allow a --host that other machines reach. What is sent is not encrypted."))
    var allowRemote = false

    func validate() throws {
        guard (0...65_535).contains(port) else {
            throw ValidationError("--port \(port): give a number from 0 to 65535.")
        }
        guard isLocal || allowRemote else {
            throw ValidationError(
                "--host \(host): other machines could reach it, and nothing is encrypted. "
                    + "Use a tunnel (see --help), or add --allow-remote.")
        }
    }

    private var isLocal: Bool {
        host == "localhost" || host == "::1" || host.hasPrefix("127.")
    }

    func run() async throws {
        let store = try memory.openExisting()
        let secret = try ReviewSecret.beside(memory: memory.memory, isNew: newTokens)
        let raters = raters.isEmpty ? [NSUserName()] : raters
        let server = try ReviewServer(
            queue: ReviewQueue(store: store, check: ReviewEditCheck.check), secret: secret,
            raters: raters, host: host,
            port: port, names: names, report: { Console.error("conjecture serve: \($0)") })
        if !isLocal {
            Console.error(
                "warning: other machines can reach \(host), and what is sent is not encrypted")
        }
        for (rater, address) in server.addresses { print("\(rater)\t\(address)") }
        fflush(nil)
        await Self.interruption()
        await server.stop()
    }

    /// Returns when somebody ends the program.
    private static func interruption() async {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        let sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { continuation.finish() }
            source.resume()
            return source
        }
        for await _ in stream {}
        sources.forEach { $0.cancel() }
        for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
    }
}
