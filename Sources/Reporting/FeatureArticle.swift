import Foundation
import Inquiry
import Statistics

/// One feature's part of the report.
struct FeatureArticle {
    private let member: RunRecord.Member
    private let state: InquiryState
    private let run: RunRecord
    private let drawing: InputDrawing

    init(_ member: RunRecord.Member, run: RunRecord, drawing: InputDrawing) {
        self.member = member
        state = member.state
        self.run = run
        self.drawing = drawing
    }

    var html: HTML {
        """
        <article id="\(anchor(member))"><h2>\(member.name) \(badge(state))</h2>
        \(explanation)\(WordsSection(state: state).html)\(scores)\(truth)\(activity)\(output)\(hypotheses)\(probes)</article>
        """
    }

    private var explanation: HTML {
        if let stop = state.stop { return "<p class=\"warn\">\(sentence(stop))</p>" }
        guard let leading = state.leading else { return "<p class=\"warn\">not begun</p>" }
        var facets: HTML = ""
        var explained = 0.0
        for facet in state.scores?.facets ?? [] {
            explained += facet.massShare
            facets += """
                <tr><td>\(facet.statement)<br><code>\(facet.formula)</code></td>
                <td class="n">\(facet.massShare, digits: 3)</td>
                <td class="n">\(facet.precision.map { Format.number($0, digits: 3) } ?? "–")</td></tr>
                """
        }
        let remainder: HTML =
            state.scores == nil
            ? ""
            : "<tr><td class=\"soft\">unexplained</td><td class=\"n\">\(1 - explained, digits: 3)</td><td></td></tr>"
        return """
            \(approval)<p><b>Fires when</b> \(leading.hypothesis.statement).</p>
            <p><code>\(leading.hypothesis.formula)</code></p>
            <div class="scroll"><table><tr><th>facet</th><th class="n">share of activation mass</th>
            <th class="n">fires where it holds</th></tr>\(facets)\(remainder)</table></div>
            """
    }

    /// What people decided about the explanation.
    private var approval: HTML {
        guard let approval = state.approval else { return "" }
        guard let answer = approval.answer else {
            return "<p class=\"soft\">Nobody was asked about it: the policy let it go on.</p>"
        }
        let words: HTML =
            approval.editedText.map { "<p><b>In a person's words:</b> \($0)</p>" } ?? ""
        let effect: HTML = approval.isApproved ? "" : " It teaches later inquiries nothing."
        return """
            <p class="\(approval.isApproved ? "good" : "bad")">People: \(answer.words) (item
            \(answer.item)).\(effect)</p>\(words)
            """
    }

    /// What people decided about a hypothesis.
    private func approval(_ record: HypothesisRecord) -> HTML {
        guard let answer = record.approval?.answer else { return "" }
        return "<br><span class=\"soft\">\(answer.words) (item \(answer.item))</span>"
    }

    private func sentence(_ stop: StopReason) -> String {
        switch stop {
        case .tooFewExemplars(let propose, let tune, let required):
            "Too rare to explain: it fires in \(propose) \(drawing.groups) of the propose split and \(tune) of the "
                + "tune split, and \(required) of each are required."
        case .nothingProposed: "The proposer found nothing that separates exemplars from the rest."
        case .nothingApproved: "People let none of its hypotheses be tested."
        case .failed(let reason): "Failed: \(reason)"
        }
    }

    private var scores: HTML {
        guard let card = state.scores else { return "" }
        let controls = run.members.filter { $0.beside == member.name }.compactMap { control in
            control.state.scores.map { (control.name, $0.explanation) }
        }
        let rows =
            [("explanation", card.explanation), ("one-shot", card.oneShot)]
            + controls
        let body = rows.map { name, row -> HTML in
            """
            <tr><td>\(name)</td><td class="n">\(estimate(row.balancedAccuracy))</td>
            <td class="n">\(estimate(row.f1))</td><td class="n">\(estimate(row.auroc))</td>
            <td class="n">\(estimate(row.massExplained))</td>
            <td class="n">\(row.balancedAccuracyOfMaximum.map { Format.number($0, digits: 3) } ?? "–")</td></tr>
            """
        }
        return """
            <h3>Held-out scores (95 % intervals over \(drawing.groups); \(card.firing) firing \(drawing.inputs))</h3>
            <div class="scroll"><table><tr><th></th><th class="n">balanced accuracy</th><th class="n">F1</th>
            <th class="n">AUROC</th><th class="n">mass explained</th>
            <th class="n">at half of maximum</th></tr>\(body)</table></div>
            """
    }

    private var truth: HTML {
        state.scores?.truth.map { TruthSection(truth: $0, groups: drawing.groups).html } ?? ""
    }

    private var activity: HTML { state.beginning.map(drawing.activity) ?? "" }

    private var output: HTML { state.scores?.output.map { OutputSection(output: $0).html } ?? "" }

    private var hypotheses: HTML {
        let rows = state.records.map { record -> HTML in
            let from =
                record.hypothesis.parent.map { "refines \($0)" }
                ?? record.hypothesis.origin.rawValue
            let roles = record.roles.sorted { $0.key.rawValue < $1.key.rawValue }
                .map { "\($0.key.rawValue) \($0.value.correct)/\($0.value.total)" }
                .joined(separator: ", ")
            let words: HTML =
                record.hypothesis.words.map { "<br><q class=\"soft\">\($0)</q>" } ?? ""
            return """
                <tr><td class="n">\(record.hypothesis.id)</td><td>\(from)</td>
                <td>\(record.hypothesis.statement)\(words)</td>
                <td>\(record.status.rawValue)\(approval(record))</td>
                <td class="n">\(Format.eValue(log: record.designed.support.maximumLogValue))</td>
                <td class="n">\(Format.eValue(log: record.natural.support.maximumLogValue))</td>
                <td class="n">\(Format.eValue(log: -log(record.level)))</td>
                <td class="n">\(record.tuneScore.map { Format.number($0, digits: 3) } ?? "–")</td>
                <td>\(roles)</td></tr>
                """
        }
        return """
            <details open><summary>\(state.records.count) hypotheses</summary><div class="scroll"><table>
            <tr><th class="n">#</th><th>lineage</th><th>statement</th><th>status</th>
            <th class="n">e, designed</th><th class="n">e, natural</th><th class="n">needed</th>
            <th class="n">tune</th><th>predictions that came true</th></tr>\(rows)</table></div>\(failures)</details>
            """
    }

    /// Questions to a language model that brought nothing.
    private var failures: HTML {
        let all = state.consultations.compactMap { consultation in
            consultation.failure.map { "<li>\(consultation.role): \($0)</li>" as HTML }
        }
        return all.isEmpty
            ? "" : "<p class=\"warn\">Questions without an answer of use:</p><ul>\(all)</ul>"
    }

    private var probes: HTML {
        let threshold = state.threshold ?? .infinity
        let shown = shownProbes
        var rows: HTML = ""
        for probe in shown {
            let outcome = state.outcomes[probe.id - 1]
            let measured: HTML
            let verdict: HTML
            switch outcome {
            case .activation(let value)?:
                measured = "\(value, digits: 3)"
                let seen = outcome?.observed(threshold: threshold)
                verdict =
                    seen == probe.prediction
                    ? "<span class=\"good\">as predicted</span>"
                    : "<span class=\"bad\">\(seen?.rawValue ?? "") instead</span>"
            case .failed(let reason)?:
                measured = "–"
                verdict = "<span class=\"warn\">failed: \(reason)</span>"
            case nil:
                measured = "–"
                verdict = "not measured"
            }
            rows += """
                <tr><td class="n">\(probe.id)</td><td class="n">\(probe.hypothesis)</td><td>\(probe.role.rawValue)</td>
                <td>\(drawing.input(probe.input))</td><td>\(probe.note)</td><td>\(probe.prediction.rawValue)</td>
                <td class="n">\(measured)</td><td>\(verdict)</td></tr>

                """
        }
        let left = state.probes.count - shown.count
        let note: HTML =
            left == 0
            ? ""
            : "<p class=\"soft\">Those against their prediction first; \(left) more are in the journal.</p>"
        return """
            <details><summary>\(state.probes.count) probes</summary>\(note)<div class="scroll"><table>
            <tr><th class="n">#</th><th class="n">hypothesis</th><th>role</th><th>input</th><th>why</th>
            <th>predicted</th><th class="n">measured</th><th>verdict</th></tr>\(rows)</table></div></details>
            """
    }

    /// All probes in order or, where there are too many, those that came out against their prediction
    /// and then the first of the others.
    private var shownProbes: [Probe] {
        guard state.probes.count > drawing.probeLimit else { return state.probes }
        let threshold = state.threshold ?? .infinity
        func isSurprise(_ probe: Probe) -> Bool {
            state.outcomes[probe.id - 1]?.observed(threshold: threshold) != probe.prediction
        }
        let surprises = state.probes.filter(isSurprise).prefix(drawing.probeLimit * 3 / 4)
        let others = state.probes.filter { !isSurprise($0) }
        return Array(surprises + others.prefix(drawing.probeLimit - surprises.count))
    }
}
