import ArgumentParser
import Foundation
import JSON
import Prompts

struct PromptCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prompt",
        abstract: "See what models are told, and try out prompts of your own.",
        discussion: """
            The prompts are inside the program. A folder of your own files overlays them: each replaces the \
            one of the same path, such as explain-othello/proposer.md.

            Example:
              conjecture prompt export my-prompts
              (edit what you like there, and remove the rest)
              conjecture prompt check my-prompts
              conjecture prompt render proposer --prompts my-prompts

            The tags of a prompt's text, each on one line:
              {{name}}                                a text or a number
              {{fenced name}}                         data, in a fence; alone on its line
              {{fenced name limit=N}}                 refuse more characters; cut=N cuts
              {{#each list}} ... {{/each}}            once for every record
              {{#if name}} ... {{else}} ... {{/if}}   a flag is set, or a list is not empty
              {{include shared/data-preamble.md}}     the text of a part; alone on its line
              {{omit name}}                           leave a value out on purpose
              {{! words }}                            a remark; \\{{ is two braces
            An unknown name is an error, and so is a value that is neither used nor omitted.
            """,
        subcommands: [List.self, Render.self, Check.self, Export.self])

    /// The prompts that a command works with.
    struct SetOptions: ParsableArguments {
        @Option(
            help: ArgumentHelp(
                "A folder of your own prompts; each file replaces the one of the same path.",
                valueName: "folder"))
        var prompts: String?

        func load() throws -> PromptSet {
            if let prompts { try PromptSet(overlay: prompts) } else { try PromptSet() }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the prompts: role, inquiry, version, hash, reply schema.",
            discussion: """
                Examples:
                  conjecture prompt list
                  conjecture prompt list --prompts my-prompts --json
                """)

        @OptionGroup var set: SetOptions

        @Flag(help: "Print JSON.")
        var json = false

        func run() throws {
            let prompts = try set.load().prompts
            if json {
                print(JSONValue.array(prompts.map(\.summary)).text)
                return
            }
            for prompt in prompts {
                let schema = prompt.reply?.name ?? "-"
                let origin = prompt.usersFiles.isEmpty ? "shipped" : "changed"
                print(
                    "\(prompt.role)\t\(prompt.inquiry)\tversion \(prompt.version)\t"
                        + "\(prompt.hash.hex.prefix(12))\t\(schema)\t\(origin)")
            }
        }
    }

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Say whether a folder of your own prompts is sound, and what is wrong if not.",
            discussion: """
                Example:
                  conjecture prompt check my-prompts
                """)

        @Argument(help: "The folder.", completion: .directory)
        var folder: String

        private static let shownFaults = 20

        func run() throws {
            let faults = PromptSet.faults(overlay: folder)
            guard faults.isEmpty else {
                for fault in faults.prefix(Self.shownFaults) {
                    Console.error(
                        "conjecture: \(fault)".replacingOccurrences(of: "\n", with: " "))
                }
                if faults.count > Self.shownFaults {
                    Console.error("conjecture: and \(faults.count - Self.shownFaults) more")
                }
                throw ExitStatus.failed
            }
            for prompt in try PromptSet(overlay: folder).prompts where !prompt.usersFiles.isEmpty {
                print("\(prompt.name)\t\(prompt.usersFiles.joined(separator: ", "))")
            }
            print("sound")
        }
    }
}

extension Prompt {
    /// What a listing says of it.
    fileprivate var summary: JSONValue {
        [
            "role": .string(role), "inquiry": .string(inquiry), "version": .integer(version),
            "hash": .string(hash.hex), "schema": (reply?.name).map(JSONValue.string) ?? .null,
            "changed": .array(usersFiles.map(JSONValue.string)),
        ]
    }
}
