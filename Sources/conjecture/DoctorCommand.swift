import ArgumentParser
import Explaining
import Foundation
import Memory

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check this machine, the memory and a subject, and say what is assumed of each.",
        discussion: """
            Examples:
              conjecture doctor
              conjecture doctor Examples/othello
              conjecture doctor MODEL SAE --exemplars feature.json
              conjecture doctor --model ollama:qwen3:8b
            """)

    @Argument(
        help:
            "A subject's folder, to check it: an Othello model, or a language model with its tokenizer.",
        completion: .directory)
    var subject: String?

    @Argument(
        help: ArgumentHelp(
            "The sparse autoencoder's folder or file. Default: sae in the model's folder.",
            valueName: "autoencoder"), completion: .file())
    var dictionary: String?

    @Option(
        help: ArgumentHelp(
            "A feature as Neuronpedia's GET /api/feature/MODEL/SOURCE/INDEX answers it: its exemplars are "
                + "measured again.", valueName: "file"), completion: .file())
    var exemplars: String?

    @Option(
        help: "How far a value may be off, as a share of the greatest one among the exemplars.")
    var tolerance = 0.05

    @Option(
        help: ArgumentHelp(
            "A language model, as for `conjecture explain --model`: is it there, does it answer, does "
                + "it keep to a reply schema? Sends one small request.", valueName: "model"))
    var model: String?

    @Option(
        help: ArgumentHelp(
            "The sparse autoencoder's folder, as the second argument.", valueName: "folder"))
    var sae: String?

    @OptionGroup var memory: MemoryOptions

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() async throws {
        var checks = SubjectCheck.machine()
        checks.append(await checkMemory())
        if let subject { checks += await checkSubject(subject) }
        if let model { checks += await ModelCheck.run(model) }
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            print(String(decoding: try encoder.encode(checks), as: UTF8.self))
        } else {
            for check in checks {
                // Names of tokens may hold line feeds.
                let finding = check.finding.replacing("\n", with: "\\n")
                print("\(check.passed ? "ok  " : "FAIL")  \(check.name): \(finding)")
            }
        }
        if checks.contains(where: { !$0.passed }) { throw ExitStatus.failed }
    }

    func validate() throws {
        if dictionary != nil, sae != nil {
            throw ValidationError("name the autoencoder once: as the second argument or as --sae")
        }
        guard tolerance.isFinite, tolerance >= 0 else {
            throw ValidationError("--tolerance \(tolerance): give a number from 0")
        }
        if let exemplars, !(subject.map(TextSubjectCheck.isTextModel) ?? false) {
            throw ValidationError(
                "--exemplars \(exemplars): name a language model's folder, with its tokenizer, to "
                    + "measure them with")
        }
    }

    private func checkSubject(_ subject: String) async -> [SubjectCheck] {
        let autoencoder = dictionary ?? sae ?? subject + "/sae"
        guard TextSubjectCheck.isTextModel(subject) else {
            return SubjectCheck.subject(model: subject, autoencoder: autoencoder)
        }
        return await TextSubjectCheck(
            model: subject, autoencoder: autoencoder, exemplars: exemplars, tolerance: tolerance
        ).run()
    }

    private func checkMemory() async -> SubjectCheck {
        guard FileManager.default.fileExists(atPath: memory.memory) else {
            return SubjectCheck(
                "memory", true, "none yet at \(memory.memory); it is made when needed")
        }
        do {
            let runs = try await Store(path: memory.memory).runs()
            return SubjectCheck("memory", true, "\(memory.memory) holds \(runs.count) runs")
        } catch {
            return SubjectCheck("memory", false, "\(error)")
        }
    }
}
