import Inquiry

/// How the run got there: its rounds, what was dropped and why, and the rows that were not used.
struct MiningTrail {
    let record: MiningRecord
    private static let mostReasons = 40
    private static let mostNames = 60

    var html: HTML { "<h2>How it got there</h2>\(rounds)\(dropped)\(setAside)" }

    private var rounds: HTML {
        guard !record.rounds.isEmpty else { return "" }
        let rows = zip(1..., record.rounds).map { number, round -> HTML in
            """
            <tr><td class="n">\(number)</td><td class="n">\(round.proposed)</td><td class="n">\(round.sound)</td>
            <td class="n">\(round.chosen)</td>
            <td class="n">\(round.score.map { Format.number($0, digits: 3) } ?? "–")</td></tr>
            """
        }
        return """
            <section class="card"><h3>Rounds</h3><div class="scroll"><table><tr><th class="n" scope="col">round</th>
            <th class="n" scope="col">proposed</th><th class="n" scope="col">passed their checks</th>
            <th class="n" scope="col">chosen after it</th>
            <th class="n" scope="col">score, cross-fitted on select rows</th></tr>\(rows)</table></div></section>
            """
    }

    private var dropped: HTML {
        let groups = DropGroup.groups(record.dropped)
        guard !groups.isEmpty else { return "" }
        let parts = groups.prefix(Self.mostReasons).map { group -> HTML in
            let names = group.members.prefix(Self.mostNames).map { member -> HTML in
                let own: HTML =
                    group.isUniform
                    ? "" : "<br><span class=\"soft\">\(HTML.data(member.reason, 300))</span>"
                return """
                    <li>\(HTML.data(member.title.isEmpty ? member.name : member.title, 120)) <span class="soft">\
                    (\(HTML.data(member.kind, 20)), round \(member.round + 1))</span>\(own)</li>
                    """
            }
            let left = group.members.count - names.count
            let rest: HTML = left == 0 ? "" : "<li class=\"soft\">and \(left) more</li>"
            return """
                <details><summary>\(group.members.count): \(HTML.data(group.reason, 300))</summary>
                <ul>\(names)\(rest)</ul></details>
                """
        }
        let left = groups.count - parts.count
        let rest: HTML =
            left == 0 ? "" : "<p class=\"soft\">\(left) more reasons are in the journal.</p>"
        return """
            <section class="card"><h3>Tried and dropped</h3><details><summary>\(record.dropped.count) tools, by
            \(groups.count) reasons</summary>\(parts)\(rest)</details></section>
            """
    }

    private var setAside: HTML {
        guard !record.setAside.isEmpty else { return "" }
        let rows = record.setAside.map { part -> HTML in
            let places = part.examples.prefix(5).map(String.init).joined(separator: ", ")
            return """
                <tr><td>\(HTML.data(part.reason, 300))</td><td class="n">\(part.rows)</td>
                <td>\(places.isEmpty ? "–" : places)</td></tr>
                """
        }
        return """
            <section class="card"><h3>Rows set aside</h3><div class="scroll"><table><tr><th scope="col">why</th>
            <th class="n" scope="col">rows</th><th scope="col">first of them</th></tr>\(rows)
            </table></div></section>
            """
    }
}

/// Tools that were dropped for one reason; reasons that differ in their figures only are one.
struct DropGroup {
    /// With its figures where they are the same for all.
    let reason: String
    let isUniform: Bool
    let members: [MiningRecord.Dropped]

    /// The largest group first.
    static func groups(_ dropped: [MiningRecord.Dropped]) -> [DropGroup] {
        let byPattern = Dictionary(grouping: dropped) { pattern($0.reason) }
        let groups = byPattern.map { pattern, members in
            let isUniform = members.allSatisfy { $0.reason == members[0].reason }
            return DropGroup(
                reason: isUniform ? members[0].reason : pattern, isUniform: isUniform,
                members: members)
        }
        return groups.sorted { a, b in
            a.members.count == b.members.count
                ? a.reason < b.reason : a.members.count > b.members.count
        }
    }

    /// The reason with each figure left out.
    private static func pattern(_ reason: String) -> String {
        var result = ""
        var inFigure = false
        for scalar in reason.unicodeScalars {
            let isDigit = ("0"..."9").contains(scalar)
            if isDigit || inFigure && (scalar == "." || scalar == ",") {
                if !inFigure { result += "…" }
                inFigure = true
            } else {
                inFigure = false
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
