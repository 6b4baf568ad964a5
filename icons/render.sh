#!/bin/sh
# Renders every icon that Usher ships from the drawings in source/. The results are committed; run this after a drawing
# has changed. Needs rsvg-convert (librsvg2-bin), convert (imagemagick) and python3.
set -eu
cd "$(dirname "$0")"

render() { # drawing size result [options]
    drawing=$1 size=$2 result=$3
    shift 3
    rsvg-convert "$@" --width "$size" --height "$size" "source/$drawing.svg" --output "$result"
}

# The sheet of paper turns to mud below 48 pixels: small sizes show the bow tie alone.
mkdir -p app
for size in 16 22 24 32; do render app-small "$size" "app/$size.png"; done
for size in 48 64 128 256 512 1024; do render app "$size" "app/$size.png"; done

# One size a tray glyph: twice 22 pixels, which scales evenly to the common panel and is sharp on a dense one.
for panel in light dark any; do
    mkdir -p "tray/$panel"
    for state in watching paused attention; do
        render "tray-$state" 44 "tray/$panel/$state.png" --stylesheet "source/panel-$panel.css"
    done
done

convert app/16.png app/24.png app/32.png app/48.png app/64.png app/256.png icon.ico
python3 pack-icns.py icon.icns app
rm app/1024.png
