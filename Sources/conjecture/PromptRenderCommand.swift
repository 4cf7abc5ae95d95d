import ArgumentParser
import JSON
import Prompts

extension PromptCommand {
    struct Render: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show exactly what a model would be sent: system, user and reply schema.",
            discussion: """
                Examples:
                  conjecture prompt render proposer
                  conjecture prompt render explainer
                  conjecture prompt render refiner --prompts my-prompts --json
                  conjecture prompt render repair --data faults.json

                Without --data the holes are filled with values from a real run, which ship with the prompt. \
                With --json the values are printed too, in the form that --data takes.
                """)

        @Argument(help: "The role, such as proposer.")
        var role: String

        @Option(help: "The inquiry (default: the one that has the role).")
        var inquiry: String?

        @Option(
            help: ArgumentHelp(
                "Values for the holes, as a JSON object: \"text\", 1.5, true, {\"data\": \"…\"} or a list of "
                    + "objects.", valueName: "file"),
            completion: .file(extensions: ["json"]))
        var data: String?

        @OptionGroup var set: SetOptions

        @Flag(help: "Print one JSON object.")
        var json = false

        /// More than any context takes.
        private static let byteLimit = 16 << 20

        func run() throws {
            let prompts = try set.load()
            let home = inquiry ?? prompts.prompts.first { $0.role == role }?.inquiry
            let prompt = try prompts.prompt(role: role, inquiry: home ?? ProposerBriefing.inquiry)
            let values = try data.map { try Self.values(of: prompt, in: $0) } ?? prompt.sample
            let messages = try prompt.messages(values)
            if json {
                print(Self.json(prompt, messages, values).text)
            } else {
                print(Self.text(prompt, messages), terminator: "")
            }
        }

        private static func values(of prompt: Prompt, in path: String) throws -> PromptValues {
            let text = try PromptFile.read(path, label: path, limit: byteLimit)
            let json: JSONValue
            do {
                json = try JSONValue(parsing: text)
            } catch {
                throw PromptError.json(file: path, reason: "it \(error)")
            }
            return try prompt.values(reading: json, file: path)
        }

        private static func text(_ prompt: Prompt, _ messages: PromptMessages) -> String {
            var text = "prompt \(prompt.name), version \(prompt.version), \(prompt.hash.hex)\n"
            if let sampling = prompt.reply?.sampling {
                let temperature = sampling.temperature.map { "\($0)" } ?? "unset"
                text += "temperature \(temperature), at most \(sampling.maximumOutputTokens) tokens"
                text += sampling.reasoningEffort.map { ", reasoning effort \($0.rawValue)" } ?? ""
                text += "\n"
            }
            if let system = messages.system { text += "\n===== system =====\n\(system)" }
            text += "\n===== user =====\n\(messages.user)"
            if let reply = prompt.reply {
                text += "\n===== reply schema \(reply.name) =====\n\(reply.schema.document.text)\n"
            }
            return text
        }

        private static func json(
            _ prompt: Prompt, _ messages: PromptMessages, _ values: PromptValues
        ) -> JSONValue {
            let sampling = prompt.reply?.sampling
            return [
                "role": .string(prompt.role), "inquiry": .string(prompt.inquiry),
                "version": .integer(prompt.version), "hash": .string(prompt.hash.hex),
                "system": messages.system.map(JSONValue.string) ?? .null,
                "user": .string(messages.user),
                "schema_name": (prompt.reply?.name).map(JSONValue.string) ?? .null,
                "schema": prompt.reply?.schema.document ?? .null,
                "temperature": sampling?.temperature.map(JSONValue.number) ?? .null,
                "max_output_tokens": (sampling?.maximumOutputTokens).map(JSONValue.integer)
                    ?? .null,
                "reasoning_effort": (sampling?.reasoningEffort).map { .string($0.rawValue) }
                    ?? .null,
                "values": values.json,
            ]
        }
    }
}
