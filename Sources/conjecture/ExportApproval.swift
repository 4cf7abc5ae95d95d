import Digests
import Explaining
import Inquiry
import Memory

/// Has people approve a run's explanations before they are written out for other tools.
struct ExportApproval {
    let export: RunExport
    let manifest: StudyManifest
    /// All that decides what is written beside the explanations: the format and its names.
    let form: [String]
    let wait: ApprovalWait

    /// - Throws: ``ExportRefusal`` where people did not approve it, ``ExitStatus/waiting``.
    func ask() async throws {
        guard let request = try request() else { return }
        let answer = try await wait.answer(to: request)
        guard answer.isApproved else { throw ExportRefusal(answer: answer) }
        Console.error("the export is \(answer.words)")
    }

    private static let rowLimit = 80
    private static let textLimit = 200

    /// Another content is another question: an approval is of what was shown.
    private func request() throws -> ApprovalRequest? {
        let content = SHA256.digest(of: (form + [export.table.text]).joined(separator: "\n")).hex
        let name = "export \(form[0]) \(content.prefix(16))"
        guard
            let rule = wait.policy.rule(
                for: .export, cost: Double(export.rows.count), score: nil, name: name,
                seed: manifest.seed)
        else { return nil }
        let sheet = ApprovalSheet(
            kind: .export, run: wait.run, inquiry: "export",
            question: "May these explanations be written out?",
            claim: "\(export.rows.count) explanations of \(wait.run) as \(form[0])",
            facts: [
                .init("explanations", String(export.rows.count)),
                .init("features without one", String(export.unexplained)),
                .init("left out, not approved", String(export.notApproved)),
                .init("form", form.joined(separator: ", ")),
            ],
            evidence: [
                .table(
                    .init(
                        title: "the first \(min(Self.rowLimit, export.rows.count))",
                        columns: ["feature", "label", "what was tested"],
                        rows: export.rows.prefix(Self.rowLimit).map {
                            [$0.feature, Self.head($0.label), Self.head($0.statement)]
                        }))
            ], provenance: [.init("manifest", SHA256.digest(of: try manifest.text).hex)])
        return ApprovalRequest(
            name: name, sheet: sheet,
            hidden: ApprovalHidden(
                author: "the run", figures: [.init("supported", String(supported))]), rule: rule)
    }

    private var supported: Int {
        export.rows.count { $0.verdict == HypothesisStatus.supported.rawValue }
    }

    private static func head(_ text: String) -> String {
        text.count > textLimit ? text.prefix(textLimit) + "…" : text
    }
}

struct ExportRefusal: Error, CustomStringConvertible {
    let answer: ApprovalAnswer

    var description: String {
        "nothing was written: the export is \(answer.words) (item \(answer.item))"
    }
}
