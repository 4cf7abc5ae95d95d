enum ReportStyle {
    static let sheet: HTML = """
        <style>
        :root{color-scheme:light dark;--ink:#1d2430;--soft:#5b6675;--line:#d9dee6;--card:#fff;--page:#f5f6f8;\
        --good:#1a7f4b;--bad:#b3261e;--warn:#8a6100;--mine:#27408b;--theirs:#e9eef7;--felt:#eef3ea;--accent:#27408b}
        @media(prefers-color-scheme:dark){:root{--ink:#e4e8ef;--soft:#9aa6b6;--line:#333c4a;--card:#1b212b;\
        --page:#12161d;--good:#5fd08f;--bad:#ff8a80;--warn:#e5b94e;--mine:#7f9cf5;--theirs:#f0f3f8;--felt:#222b24;--accent:#9db4ff}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
        main{max-width:1120px;margin:0 auto;padding:24px 16px 64px}
        h1{font-size:26px;margin:0 0 4px}h2{font-size:20px;margin:36px 0 10px}h3{font-size:15px;margin:18px 0 6px}
        p{margin:6px 0}.soft{color:var(--soft)}.good{color:var(--good)}.bad{color:var(--bad)}.warn{color:var(--warn)}
        section.card,article{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:16px 18px;margin:14px 0}
        article h2{margin:0 0 4px}
        .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(190px,1fr));gap:10px;margin:14px 0}
        .tile{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:12px 14px}
        .tile b{display:block;font-size:22px}
        .scroll{overflow-x:auto}
        table{border-collapse:collapse;width:100%;font-size:13px}
        th,td{text-align:left;padding:4px 8px;border-bottom:1px solid var(--line);vertical-align:top}
        th{color:var(--soft);font-weight:600;white-space:nowrap}
        td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
        code{font:12px/1.4 ui-monospace,monospace;overflow-wrap:anywhere}
        .boards{display:flex;flex-wrap:wrap;gap:14px}.boards figure{margin:0;text-align:center;font-size:12px;color:var(--soft)}
        svg.board{display:block}.felt{fill:var(--felt)}
        .names{font:8px system-ui,sans-serif;text-anchor:middle;fill:var(--soft)}
        .grid path{stroke:var(--line);fill:none}
        .m{fill:var(--mine)}.t{fill:var(--theirs);stroke:#8792a5}.l{fill:none;stroke:#e07b00;stroke-width:2}.f{fill:#e07b00}
        .h{fill:#d1432f}.c{fill:#2f6fd1}
        .bar{fill:var(--accent)}.axis{stroke:var(--line)}
        .badge{display:inline-block;border:1px solid currentColor;border-radius:99px;padding:0 9px;font-size:12px;font-weight:600}
        details{margin:8px 0}summary{cursor:pointer;color:var(--accent)}
        a{color:var(--accent)}
        </style>
        """
}
