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
              conjecture doctor --model ollama:qwen3:8b
            """)

    @Argument(help: "A subject's folder, to check it.", completion: .directory)
    var subject: String?

    @Option(
        help: ArgumentHelp(
            "A language model, as for `conjecture explain --model`: is it there, does it answer, does "
                + "it keep to a reply schema? Sends one small request.", valueName: "model"))
    var model: String?

    @Option(
        help: ArgumentHelp(
            "The sparse autoencoder's folder. Default: sae in the model's folder.",
            valueName: "folder"))
    var sae: String?

    @OptionGroup var memory: MemoryOptions

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() async throws {
        var checks = SubjectCheck.machine()
        checks.append(await checkMemory())
        if let subject {
            checks += SubjectCheck.subject(model: subject, autoencoder: sae ?? subject + "/sae")
        }
        if let model { checks += await ModelCheck.run(model) }
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            print(String(decoding: try encoder.encode(checks), as: UTF8.self))
        } else {
            for check in checks {
                print("\(check.passed ? "ok  " : "FAIL")  \(check.name): \(check.finding)")
            }
        }
        if checks.contains(where: { !$0.passed }) { throw ExitStatus.failed }
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
