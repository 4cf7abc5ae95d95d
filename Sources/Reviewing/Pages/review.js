"use strict";
// The keyboard, the clock and the live updates of the review pages. Every page works without it, by its
// links and forms; what a key does is said by the element that carries it:
//
//   data-key="a"        pressing a clicks it, focuses it (a field) or opens it (a details element)
//   data-rows           j and k go through the links in it that carry data-row
//   data-enter          in such a field Enter sends the form; in any field Control+Enter does
//   data-seconds        filled, when its form is sent, with the seconds for which the page was looked at
//   data-live="…"       is put in anew, from that address, when the queue has changed; needs an id
//   body data-events    where changes are announced
//
// Nothing that came from the queue is ever read as a script or built into markup here.
(() => {
    const one = selector => document.querySelector(selector);
    const all = selector => [...document.querySelectorAll(selector)];
    const isField = element => Boolean(element?.matches?.(
        "textarea,select,[contenteditable],input:not([type=checkbox],[type=radio],[type=submit])"));
    const isShown = element => element.checkVisibility?.() ?? element.offsetParent !== null;
    const say = text => { const place = one("#said"); if (place) place.textContent = text; };

    // Keys

    const act = element => {
        if (element.matches("details")) {
            element.open = true;
            element.querySelector("textarea,select,input:not([type=hidden]),button")?.focus();
        } else if (isField(element)) {
            element.focus();
            element.select?.();
        } else if (element.matches("dialog")) {
            element.showModal();
        } else {
            element.focus();
            element.click();
        }
    };

    const step = (rows, by) => {
        const at = rows.indexOf(document.activeElement.closest("[data-row]"));
        const next = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : at + by];
        if (next) {
            next.focus();
            next.scrollIntoView({block: "nearest"});
        } else {
            say(by > 0 ? "This is the last one." : "This is the first one.");
        }
    };

    const escape = () => {
        const form = document.activeElement?.closest("details[data-key]");
        if (form) {
            form.open = false;
            form.querySelector("summary").focus();
        } else {
            document.activeElement?.blur();
        }
    };

    const inField = event => {
        const field = event.target;
        if (event.key === "Escape") {
            escape();
        } else if (event.key === "Enter" && field.form
            && (event.ctrlKey || event.metaKey || ("enter" in field.dataset && !event.shiftKey))) {
            event.preventDefault();
            field.form.requestSubmit(field.form.querySelector("button[name],button:not([type])"));
        }
    };

    document.addEventListener("keydown", event => {
        if (event.isComposing || event.defaultPrevented) return;
        if (isField(event.target)) return inField(event);
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        const open = one("dialog[open]");
        if (open) {
            if (event.key === open.dataset.key) open.close();
            return;
        }
        if (event.key === "Escape") return escape();
        const rows = all("[data-rows] [data-row]").filter(isShown);
        if (rows.length && (event.key === "j" || event.key === "k")) {
            event.preventDefault();
            return step(rows, event.key === "j" ? 1 : -1);
        }
        const target = all("[data-key]").find(element => element.dataset.key === event.key
            && !element.disabled && (element.matches("dialog") || isShown(element)));
        if (target) {
            event.preventDefault();
            act(target);
        }
    });

    for (const button of all("[data-opens]")) {
        button.hidden = false;
        button.addEventListener("click", () => act(one(button.dataset.opens)));
    }

    // Forms: the time spent, and no second sending of the same decision

    let shownSince = performance.now();
    let seconds = 0;
    const look = () => {
        const now = performance.now();
        if (shownSince !== null) seconds += (now - shownSince) / 1000;
        shownSince = document.visibilityState === "visible" ? now : null;
    };
    document.addEventListener("visibilitychange", look);

    document.addEventListener("submit", event => {
        const form = event.target;
        if (form.method !== "post") return;
        if ("sent" in form.dataset) return event.preventDefault();
        form.dataset.sent = "";
        look();
        for (const field of form.querySelectorAll("[data-seconds]")) field.value = seconds.toFixed(1);
    });
    // A page that comes back by the browser's history can be sent again.
    addEventListener("pageshow", () => all("[data-sent]").forEach(form => delete form.dataset.sent));

    // Live updates

    const replace = (old, fresh) => {
        if (!fresh || old.isEqualNode(fresh)) return;
        // What somebody is writing, or has opened to write in, stays.
        if (isField(document.activeElement) && old.contains(document.activeElement)) return;
        const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
        old.replaceWith(document.adoptNode(fresh));
        if (focused) document.getElementById(focused)?.focus({preventScroll: true});
        if (fresh.dataset.say) say(fresh.dataset.say);
    };

    const refresh = async () => {
        const pages = new Map();
        for (const part of all("[data-live]")) {
            const address = part.dataset.live || location.href;
            if (!pages.has(address)) {
                const reply = await fetch(address, {credentials: "same-origin", cache: "no-store"});
                if (!reply.ok) continue;
                const text = await reply.text();
                pages.set(address, new DOMParser().parseFromString(text, "text/html"));
            }
            const current = document.getElementById(part.id);
            if (current) replace(current, pages.get(address).getElementById(part.id));
        }
    };

    let planned = null;
    const plan = () => {
        planned ??= setTimeout(() => {
            planned = null;
            refresh().catch(() => {});
        }, 100);
    };

    const address = document.body.dataset.events;
    if (address && all("[data-live]").length) {
        const state = one("#connection");
        const events = new EventSource(address);
        let wasLost = false;
        events.addEventListener("open", () => {
            if (state) state.hidden = true;
            if (wasLost) plan();
            wasLost = false;
            document.body.dataset.connected = "";
        });
        events.addEventListener("error", () => {
            wasLost = true;
            delete document.body.dataset.connected;
            if (state) state.hidden = false;
            // The browser gives up after an answer that is no stream.
            if (events.readyState === EventSource.CLOSED) say("Live updates have ended.");
        });
        events.addEventListener("message", plan);
        events.addEventListener("change", plan);
        addEventListener("pagehide", () => events.close());
    }
})();
