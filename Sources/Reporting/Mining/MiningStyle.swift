enum MiningStyle {
    /// What the page of `mine` needs beside ``ReportStyle``.
    static let sheet: HTML = """
        <style>
        .text{white-space:pre-wrap;unicode-bidi:isolate;overflow-wrap:anywhere;contain:paint;max-width:76ch}
        mark{background:rgb(224 123 0/.32);color:inherit;border-radius:2px}
        h1,h3,h4,p,li,dd,summary{overflow-wrap:anywhere}td,th{overflow-wrap:break-word}
        article>h3{font-size:18px;margin:0 0 4px}h4{font-size:14px;margin:16px 0 4px}
        .tiles{grid-template-columns:repeat(auto-fit,minmax(165px,1fr))}
        .tile{font-size:13px}.tile i{display:block;font-style:normal;font-variant-numeric:tabular-nums;margin-bottom:2px}
        th.name{color:inherit;font-weight:400;white-space:normal;min-width:110px}
        table.wide{min-width:560px}table.wider{min-width:860px}
        code.source,pre code{unicode-bidi:isolate;direction:ltr}
        pre{white-space:pre-wrap;border:1px solid var(--line);border-radius:6px;padding:8px 10px;margin:6px 0}
        dl.figures{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:2px 14px;font-size:13px;margin:8px 0}
        dl.figures dt{color:var(--soft)}dl.figures dd{margin:0;font-variant-numeric:tabular-nums}
        .plots,.beside,.sides{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,340px),1fr));gap:8px 32px}
        figure{margin:10px 0;min-width:0}figcaption{font-size:13px;color:var(--soft);margin-bottom:4px}
        ol.rows{list-style:none;margin:0;padding:0}
        ol.rows li{border-top:1px solid var(--line);padding:6px 0}ol.rows p{margin:0 0 2px;font-size:13px}
        section.card>h3:first-child,section>h4:first-child{margin-top:0}.badge{white-space:nowrap}
        svg.plot{display:block;width:100%;max-width:470px;height:auto}svg.heat{display:block}
        svg text{font:11px system-ui,sans-serif;fill:var(--ink)}svg text.tick{fill:var(--soft)}
        svg text.strong{font-weight:600}svg.plot text{paint-order:stroke;stroke:var(--card);stroke-width:3px}
        .fine{stroke:var(--line);stroke-width:.6;fill:none}.zero{stroke:var(--soft);stroke-width:1;fill:none}
        .main{fill:var(--accent)}.side{fill:var(--soft)}
        .span{stroke-width:2;fill:none}.span.main{stroke:var(--accent)}.span.side{stroke:var(--soft)}
        .curve{stroke:var(--accent);stroke-width:1.2;fill:none;opacity:.5}
        .null{fill:var(--soft);opacity:.55}.band{fill:var(--accent);opacity:.18}
        .real{stroke:var(--accent);stroke-width:2;fill:none}
        @media(max-width:600px){th{white-space:normal}}
        </style>
        """
}
