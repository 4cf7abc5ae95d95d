import ArgumentParser
import Foundation
import LanguageModels
import Logging

/// The language model that proposes, and what it may use up.
struct ModelOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Let a language model propose instead of the rule inducer: openai:NAME, anthropic:NAME, "
                + "gemini:NAME, ollama:NAME, openrouter:NAME, http://host:8000/v1#NAME, "
                + "command:PROGRAM, replay:MEMORY#RUN, or a .yaml file. Keys come from the environment.",
            valueName: "model"))
    var model: String?

    @Option(
        help: ArgumentHelp(
            "A folder of your own prompts; see `conjecture prompt`.", valueName: "folder"),
        completion: .directory)
    var prompts: String?

    @Option(
        help: ArgumentHelp(
            "What the model costs, in dollars per million tokens of input and of output.",
            valueName: "input/output"))
    var price: String?

    @OptionGroup var caps: CapOptions

    func validate() throws {
        if let price, Price(price) == nil {
            throw ValidationError("--price \(price): write it as 1.25/10.")
        }
    }

    /// The model that was chosen, with the price from the command line if there is one.
    func specification(_ word: String) throws -> ModelSpecification {
        var result = try ModelSpecification.parse(
            word, environment: ProcessInfo.processInfo.environment)
        if let price { result.price = Price(price) }
        return result
    }
}

/// Caps on what a run's language model may use up.
struct CapOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Requests that may be sent, repeated ones included.", valueName: "count"))
    var maxCalls: Int?

    @Option(help: ArgumentHelp("Input tokens that may be used.", valueName: "count"))
    var maxInputTokens: Int?

    @Option(help: ArgumentHelp("Output tokens that may be used.", valueName: "count"))
    var maxOutputTokens: Int?

    @Option(
        help: ArgumentHelp(
            "Dollars that may be spent; the price must be known.", valueName: "dollars"))
    var maxCost: Double?

    func validate() throws {
        for (name, value) in [
            ("calls", maxCalls), ("input-tokens", maxInputTokens),
            ("output-tokens", maxOutputTokens),
        ] {
            if let value, value < 0 {
                throw ValidationError("--max-\(name) \(value): give a number from 0.")
            }
        }
        if let maxCost, Money(dollars: maxCost) == nil {
            throw ValidationError("--max-cost \(maxCost): give an amount of dollars from 0.")
        }
    }

    var caps: BudgetCaps {
        BudgetCaps(
            calls: maxCalls, inputTokens: maxInputTokens, outputTokens: maxOutputTokens,
            money: maxCost.flatMap(Money.init(dollars:)))
    }
}

/// What is told of a run while it goes on.
struct ObservationOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Write the run's trace as lines of OpenTelemetry JSON to a file, or post it to a collector: "
                + "http://127.0.0.1:4318/v1/traces.", valueName: "file or url"))
    var trace: String?

    @Option(
        help: ArgumentHelp(
            "What to log on standard error: trace, debug, info, notice, warning, error.",
            valueName: "level"))
    var logLevel = "warning"

    func validate() throws {
        guard Logger.Level(rawValue: logLevel) != nil else {
            throw ValidationError(
                "--log-level \(logLevel): one of trace, debug, info, notice, warning, error.")
        }
    }

    var logger: Logger {
        var logger = Logger(label: "conjecture") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = Logger.Level(rawValue: logLevel) ?? .warning
        return logger
    }
}
