import Explaining
import Foundation
import HTTP
import LanguageModels
import Logging

/// Checks a language model the way a run would use it, and says what is assumed of it.
enum ModelCheck {
    static func run(_ word: String) async -> [SubjectCheck] {
        let environment = ProcessInfo.processInfo.environment
        let specification: ModelSpecification
        do {
            specification = try ModelSpecification.parse(word, environment: environment)
        } catch {
            return [SubjectCheck("model", false, "\(error)")]
        }
        var checks = [
            SubjectCheck(
                "model", true, "\(specification.identity.name) at \(specification.endpoint)"),
            key(specification, environment), capabilities(specification), price(specification),
        ]
        guard specification.provider != .replay else { return checks }
        checks.append(await probe(specification))
        return checks
    }

    private static func key(
        _ specification: ModelSpecification, _ environment: [String: String]
    ) -> SubjectCheck {
        guard let variable = specification.keyVariable else {
            return SubjectCheck("key", true, "none is sent")
        }
        let isThere = environment[variable]?.isEmpty == false
        let finding =
            isThere
            ? "taken from \(variable)"
            : specification.needsKey
                ? "set \(variable) in the environment" : "none is sent (\(variable) is not set)"
        return SubjectCheck("key", isThere || !specification.needsKey, finding)
    }

    private static func capabilities(_ specification: ModelSpecification) -> SubjectCheck {
        let has = specification.capabilities
        let names = [
            ("reply schemas", has.schema), ("tools", has.tools),
            ("log-probabilities", has.logProbabilities), ("seeds", has.seed),
            ("batches", has.batch), ("prompt caching", has.promptCaching),
        ]
        return SubjectCheck(
            "protocol", true,
            names.map { "\($0.1 ? "" : "no ")\($0.0)" }.joined(separator: ", "))
    }

    private static func price(_ specification: ModelSpecification) -> SubjectCheck {
        SubjectCheck(
            "price", true,
            specification.price.map {
                "\($0.input)/\($0.output) dollars per million tokens of input and output"
            } ?? "not known; a cap on money needs --price, or a price in the model's file")
    }

    private static func probe(_ specification: ModelSpecification) async -> SubjectCheck {
        var specification = specification
        specification.retry.attempts = 1
        do {
            let stack = ModelStack(
                client: try HTTPClient(), gates: HostGates(), ledger: UnkeptCalls(),
                budget: Budget(caps: BudgetCaps()), tracer: nil,
                logger: Logger(label: "doctor") { _ in SwiftLogNoOpLogHandler() })
            let finding = try await SchemaProbe.run(
                try await stack.model(specification), inquiry: "doctor", sample: 0)
            return SubjectCheck("answer", true, "it answers; a reply schema is \(finding.words)")
        } catch {
            return SubjectCheck("answer", false, "\(error)")
        }
    }
}
