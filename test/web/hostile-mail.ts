/** Everything a captured mail might try, each aimed at `target` ('http://127.0.0.1:4711'). */
export function hostileMail(target: string): string {
  const to = (what: string): string => `${target}/${what}`;
  return `<!doctype html>
<html manifest="${to('manifest')}"><head>
<base href="${target}/base/" target="_top">
<meta http-equiv="refresh" content="0; url=${to('meta-refresh')}">
<META HTTP-EQUIV=refresh CONTENT="0;url=${to('meta-refresh-2')}">
<meta http-equiv="Content-Security-Policy" content="default-src *">
<link rel="preconnect" href="${target}"><link rel=dns-prefetch href="//127.0.0.1"><LINK rel="stylesheet" href="${to('sheet.css')}">
<link/rel="preload" as="image" href="${to('preload.png')}"><link rel="prefetch" href="${to('prefetch')}"><link rel="icon" href="${to('icon')}">
<script src="${to('script.js')}"></script>
<script>document.title = 'script ran'; fetch('${to('fetch')}'); top.location = '${to('top-location')}'; alert('script');</script>
<style>@import url("${to('import.css')}"); @font-face { font-family: f; src: url("${to('font.woff')}"); } body { background: url("${to('background.png')}"); font-family: f; }</style>
</head><body background="${to('body.png')}" onload="alert('onload')">
<h1>Still a mail</h1>
<img src="${to('image.png')}"><img src="x" onerror="alert('onerror'); new Image().src='${to('onerror')}'"><img srcset="${to('srcset.png')} 2x">
<picture><source srcset="${to('picture.webp')}"><img src="relative.png"></picture>
<video poster="${to('poster.png')}" src="${to('video.mp4')}" autoplay></video><audio src="${to('audio.mp3')}" autoplay></audio>
<iframe src="${to('iframe')}"></iframe><iframe srcdoc="&lt;script&gt;parent.alert(1)&lt;/script&gt;"></iframe>
<object data="${to('object')}"></object><embed src="${to('embed')}"><input type="image" src="${to('input.png')}">
<svg><image href="${to('svg.png')}"/><script>alert('svg')</script><use href="${to('use.svg#a')}"/></svg>
<form id="form" action="${to('form')}" method="post"><input name="card" value="1"><button id="submit" autofocus>Pay</button></form>
<a id="plain" href="${to('link')}" ping="${to('ping')}">link</a>
<a id="top" href="${to('link-top')}" target="_top">top</a>
<a id="blank" href="${to('link-blank')}" target="_blank">blank</a>
<a id="self" href="${to('link-self')}" target="_self">self</a>
<a id="script" href="javascript:alert('link')">javascript</a>
<a id="download" href="${to('download')}" download>download</a>
<details open ontoggle="alert('toggle')"><summary>s</summary></details>
<img id="cid" src="cid:logo@northwind"><img id="svgcid" src='cid:vector@northwind'>
</body></html>`;
}
