import Explaining
import Foundation
import Instruments

/// Checks a language model with a sparse autoencoder, and says everything that is taken for granted.
struct TextSubjectCheck {
    let model: String
    let autoencoder: String
    /// A feature of Neuronpedia, saved as a file, to be measured again.
    let exemplars: String?
    /// How far a value may be off, as a share of the greatest one published.
    let tolerance: Double

    /// Whether a folder is a language model's: it has a tokenizer.
    static func isTextModel(_ folder: String) -> Bool {
        ["tokenizer.json", "tokenizer.bin"].contains {
            FileManager.default.fileExists(atPath: folder + "/" + $0)
        }
    }

    func run() async -> [SubjectCheck] {
        do {
            let subject = try TextSubject(model: model, autoencoder: autoencoder, threads: 2)
            var checks = describe(subject)
            checks.append(try await activity(subject))
            if let exemplars { checks += await compare(subject, exemplars) }
            return checks
        } catch {
            return [SubjectCheck("subject", false, "\(error)")]
        }
    }

    private func describe(_ subject: TextSubject) -> [SubjectCheck] {
        let shape = subject.model.configuration
        return [
            SubjectCheck(
                "subject", true,
                "\(model): \(shape.layerCount) layers, width \(shape.width), "
                    + "\(shape.vocabularySize) tokens, context \(shape.contextLength)"),
            SubjectCheck(
                "autoencoder", true,
                "\(autoencoder): \(subject.dictionary.latentCount) latents at \(subject.hook)"),
        ]
            + subject.assumptions.map { SubjectCheck($0.name, true, $0.value) }
            + [SubjectCheck("identity", true, subject.identity.hex)]
    }

    /// Small, and of many kinds: enough to see that most latents are not dead or always on.
    private static let sample = [
        "Once upon a time there was a little girl who lived in a village near the forest.",
        "The committee approved the budget on Tuesday, despite objections from two members.",
        "def mean(values):\n    return sum(values) / len(values)\n",
        "Water boils at 100 °C at sea level; at 3,000 m it boils at about 90 °C.",
        "\"I don't think so,\" she said. \"Ask him again tomorrow!\"",
        "La biblioteca está cerrada los domingos y los días festivos.",
        "In 1969, Apollo 11 landed on the Moon. Neil Armstrong stepped out first.",
        "Dear Sir or Madam, I am writing to complain about the delay of my order.",
    ]

    private func activity(_ subject: TextSubject) async throws -> SubjectCheck {
        var sequences: [[Int]] = []
        for text in Self.sample {
            let ids = try subject.tokens(of: text).ids
            sequences.append(Array(ids.prefix(subject.model.configuration.contextLength)))
        }
        let own = subject.firstToken == nil ? 0 : 1
        let rows = try subject.latents(of: sequences).flatMap { $0.dropFirst(own) }
        let active = rows.reduce(0) { $0 + $1.indices.count }
        let live = Set(rows.flatMap(\.indices)).count
        let count = subject.dictionary.latentCount
        return SubjectCheck(
            "activity", live > 0,
            String(
                format: "L0 %.1f; %d of %d latents active, %d silent, on %d tokens of %d texts",
                Double(active) / Double(max(1, rows.count)), live, count, count - live, rows.count,
                Self.sample.count))
    }

    private func compare(_ subject: TextSubject, _ path: String) async -> [SubjectCheck] {
        do {
            let feature = try ImportedFeature(neuronpediaFile: path)
            let comparison = try await ExemplarComparison(feature, with: subject)
            let worst = comparison.relativeDifferences.last.map(Double.init)
            var checks = [
                SubjectCheck(
                    "exemplars", worst.map { $0 <= tolerance } ?? false,
                    "\(feature.feature): \(comparison.summary); up to \(tolerance) is tolerated")
            ]
            if let hook = feature.hookName, hook != "\(subject.hook)" {
                checks.append(
                    SubjectCheck(
                        "hook of the exemplars", false, "\(hook), but measured at \(subject.hook)"))
            }
            return checks
        } catch {
            return [SubjectCheck("exemplars", false, "\(error)")]
        }
    }
}
