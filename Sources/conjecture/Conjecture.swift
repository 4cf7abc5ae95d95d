import ArgumentParser
import Foundation
import LanguageModels

@main
struct Conjecture: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conjecture",
        abstract: "Finds interpretable features by experiment.",
        discussion: """
            An agent conjectures what a feature means, designs inputs that could prove it wrong, measures \
            them, and lets arithmetic decide.

            Example:
              conjecture explain Examples/othello --random 16
              conjecture mine reviews.jsonl --text text --target helpful --group product

            Exit codes: 0 done, 1 failed, 2 bad usage, 3 budget spent, 4 waiting for people, 130 interrupted \
            with the journal safe.
            """,
        version: "0.1.0",
        subcommands: [
            ExplainCommand.self, MineCommand.self, ScoreCommand.self, ExplainRowCommand.self,
            ResumeCommand.self, ReviewCommand.self, RunsCommand.self, ReportCommand.self,
            VerifyCommand.self, EvaluateCommand.self, ExportCommand.self, ExemplarsCommand.self,
            TrainSAECommand.self, EvaluateSAECommand.self, ServeCommand.self,
            ExperienceCommand.self,
            PromptCommand.self, DoctorCommand.self,
            BenchmarkCommand.self,
        ])

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            leave(with: error)
        }
    }

    /// Says what went wrong in one line, or prints the help that was asked for, and exits.
    private static func leave(with error: any Error) -> Never {
        if let status = error as? ExitStatus { Foundation.exit(status.rawValue) }
        let code = exitCode(for: error)
        let text = fullMessage(for: error)
        if code == .success {
            print(text)
            Foundation.exit(0)
        }
        if code == .validationFailure {
            Console.error(text)
            Foundation.exit(ExitStatus.badUsage.rawValue)
        }
        Console.error("conjecture: \(error)".replacingOccurrences(of: "\n", with: " "))
        if (error as? ModelError)?.kind == .overBudget {
            Foundation.exit(ExitStatus.budgetSpent.rawValue)
        }
        Foundation.exit(ExitStatus.failed.rawValue)
    }
}

/// How the program ends; thrown by commands that have already said why.
enum ExitStatus: Int32, Error {
    case done = 0
    case failed = 1
    case badUsage = 2
    case budgetSpent = 3
    /// Nothing is left but to wait for people.
    case waiting = 4
    case interrupted = 130
}

/// Standard error, and what is known of the terminal behind it.
enum Console {
    static func error(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }

    static func write(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }

    static var isTerminal: Bool { isatty(2) == 1 }

    /// Columns and rows of the terminal, or 100 × 40.
    static var size: (columns: Int, rows: Int) {
        var size = winsize()
        guard ioctl(2, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return (100, 40)
        }
        return (Int(size.ws_col), Int(size.ws_row))
    }
}
