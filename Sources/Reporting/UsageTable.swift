import Inquiry

/// What a language model's replies came to, by role.
struct UsageTable {
    let usage: [RoleUsage]

    var html: HTML {
        let rows = usage.map { row -> HTML in
            """
            <tr><td>\(row.role)</td><td>\(row.model)</td><td class="n">\(row.replies)</td>
            <td class="n">\(row.inputTokens)</td><td class="n">\(row.cachedInputTokens)</td>
            <td class="n">\(row.outputTokens)</td><td class="n">\(row.cost?.text ?? "not known")</td></tr>
            """
        }
        return """
            <div class="scroll"><table>
            <tr><th>role</th><th>model</th><th class="n">replies</th><th class="n">input tokens</th>
            <th class="n">of them cached</th><th class="n">output tokens</th><th class="n">cost</th></tr>\(rows)
            </table></div>
            """
    }
}
