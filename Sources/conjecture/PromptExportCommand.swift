import ArgumentParser
import Foundation
import Prompts

extension PromptCommand {
    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write the prompts that the program carries into a new folder, to be edited.",
            discussion: """
                Example:
                  conjecture prompt export my-prompts
                """)

        @Argument(help: "A folder that is not there yet.", completion: .directory)
        var folder: String

        func run() throws {
            guard !FileManager.default.fileExists(atPath: folder) else {
                throw PromptError.unreadable(
                    path: folder,
                    reason: "is there already and was left as it is; name a new folder")
            }
            for (path, text) in PromptSet.files {
                let file = URL(fileURLWithPath: folder).appendingPathComponent(path)
                do {
                    try FileManager.default.createDirectory(
                        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                    try Data(text.utf8).write(to: file)
                } catch {
                    throw PromptError.unreadable(
                        path: file.relativePath,
                        reason: "cannot be written; check the permissions and the space left")
                }
                print(file.relativePath)
            }
        }
    }
}
