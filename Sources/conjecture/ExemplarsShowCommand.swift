import ArgumentParser
import Exemplars
import Foundation
import JSON

struct ExemplarsShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show what a store knows of a latent.",
        discussion: """
            Tokens on which the latent fires stand in brackets, those above half of the context's maximum \
            in double ones.

            Example:
              conjecture exemplars show exemplars 1234
            """)

    @Argument(help: "The store's folder.", completion: .directory)
    var store: String

    @Argument(help: "The latent's number.")
    var latent: Int

    @Option(help: "Top contexts shown, and companions.")
    var count = 10

    @Flag(help: "Compare the whole file with its digest first.")
    var verify = false

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        guard count >= 0 else { throw ValidationError("--count \(count): give a number from 0.") }
    }

    func run() throws {
        let opened = try ExemplarStore(path: store)
        if verify { try opened.verify() }
        let exemplars = try opened.latent(latent)
        if json {
            print(Self.json(exemplars).text)
        } else {
            show(exemplars, of: opened)
        }
    }

    private func show(_ found: LatentExemplars, of store: ExemplarStore) {
        print("latent \(found.latent) of \(store.manifest.identity.subjectName)")
        print(
            String(
                format: "fires on %d of %d tokens (%.4g) and in %d of %d contexts (%.4g)",
                found.firingTokens, found.tokens, found.firingsPerToken, found.firingContexts,
                found.contexts, found.firingsPerContext))
        print("maximum \(found.maximum)")
        print("\ntop contexts")
        for context in found.top.prefix(count) { print(Self.line(context)) }
        for quantile in found.quantiles.reversed() {
            print("\ncontexts with a maximum from \(quantile.from) to \(quantile.upTo)")
            for context in quantile.contexts { print(Self.line(context)) }
        }
        print("\nbackground: \(found.background.count) contexts in which it is silent")
        for context in found.background.prefix(3) { print(Self.line(context)) }
        print("\nfires with (of about \(found.companionTokens) tokens)")
        for companion in found.companions.prefix(count) {
            print(
                "  latent \(companion.latent) on \(companion.tokens)"
                    + (companion.error > 0 ? ", at most \(companion.error) too many" : ""))
        }
    }

    /// A context on one line, whatever its text.
    private static func line(_ context: ExemplarContext) -> String {
        let maximum = context.maximum
        var text = ""
        for token in context.tokens {
            let piece = printable(token.text)
            if token.activation > maximum / 2 {
                text += "[[\(piece)]]"
            } else {
                text += token.activation > 0 ? "[\(piece)]" : piece
            }
        }
        return String(format: "%9.4g  %d:%d  ", maximum, context.document, context.firstToken)
            + text
    }

    /// Line ends and control characters spelled out: the text must not steer a terminal.
    private static func printable(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator:
                result += scalar == "\n" ? "⏎" : "\\u{\(String(scalar.value, radix: 16))}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func json(_ found: LatentExemplars) -> JSONValue {
        [
            "latent": .integer(found.latent), "firing_tokens": .integer(found.firingTokens),
            "firing_contexts": .integer(found.firingContexts), "tokens": .integer(found.tokens),
            "contexts": .integer(found.contexts), "maximum": number(found.maximum),
            "top": .array(found.top.map(json)),
            "quantiles": .array(
                found.quantiles.map {
                    [
                        "from": number($0.from), "up_to": number($0.upTo),
                        "contexts": .array($0.contexts.map(json)),
                    ]
                }),
            "background": .array(found.background.map(json)),
            "histogram": .array(
                found.histogram.map {
                    [
                        "from": number($0.from), "up_to": number($0.upTo),
                        "tokens": .integer($0.tokens),
                    ]
                }),
            "companion_tokens": .integer(found.companionTokens),
            "companions": .array(
                found.companions.map {
                    [
                        "latent": .integer($0.latent), "tokens": .integer($0.tokens),
                        "error": .integer($0.error),
                    ]
                }),
        ]
    }

    private static func json(_ context: ExemplarContext) -> JSONValue {
        [
            "document": .integer(context.document),
            "document_hash": .string(context.documentHash.hex),
            "first_token": .integer(context.firstToken),
            "ids": .array(context.tokens.map { .integer($0.id) }),
            "tokens": .array(context.tokens.map { .string($0.text) }),
            "activations": .array(context.tokens.map { number($0.activation) }),
        ]
    }

    /// A damaged file may hold what JSON has no text for.
    private static func number(_ value: Float) -> JSONValue {
        value.isFinite ? .number(Double(value)) : .null
    }
}
