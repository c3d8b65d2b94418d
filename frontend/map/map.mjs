// Map with a pin that can be moved. Loaded by the pages that show a map; `globalThis.ispMap` is its only interface.
import L from "leaflet";
import "leaflet/dist/leaflet.css";
import "./theme.css";

/** All of Indonesia, for a map without any position. */
const COUNTRY = { center: [-2.5, 118], zoom: 5 };
const STREET_ZOOM = 16;

const PIN = `<svg viewBox="0 0 24 24" width="36" height="36" aria-hidden="true"><path fill="#c2410c" stroke="#fff"
 stroke-width="1.5" d="M12 22.500c5-5 7.500-9 7.500-12.200a7.500 7.500 0 1 0-15 0c0 3.200 2.500 7.200 7.500 12.200z"/>
 <circle cx="12" cy="10.300" r="2.800" fill="#fff"/></svg>`;

/**
 * Shows a map in an element.
 *
 * @param {HTMLElement} element
 * @param {{tileUrl: string | null, near: [number, number] | null, labels: {zoomIn: string, zoomOut: string, pin: string}}} options
 *   near: where the map begins
 * @param {(latitude: number, longitude: number) => void} picked called when a person puts the pin somewhere
 */
function show(element, { tileUrl, near, labels }, picked) {
  // Without animations: one that is still running when the map is removed fails.
  const still = { fadeAnimation: false, markerZoomAnimation: false, zoomAnimation: false };
  const map = L.map(element, { zoomControl: false, attributionControl: false, inertia: false, ...still });
  L.control.zoom({ zoomInTitle: labels.zoomIn, zoomOutTitle: labels.zoomOut }).addTo(map);
  map.setView(near ?? COUNTRY.center, near ? STREET_ZOOM - 2 : COUNTRY.zoom);
  if (tileUrl) {
    // Tile servers want to know which site asks; the page itself sends no referrer to others.
    const options = { maxZoom: 19, referrerPolicy: "strict-origin-when-cross-origin" };
    L.tileLayer(tileUrl, options).addTo(map);
    const credit = '<a href="https://www.openstreetmap.org/copyright" target="_blank" rel="noopener">© OpenStreetMap</a>';
    L.control.attribution({ prefix: false }).addAttribution(credit).addTo(map);
  }
  const icon = L.divIcon({ html: PIN, className: "", iconSize: [36, 36], iconAnchor: [18, 34] });
  let pin = null;

  function setPin(latitude, longitude) {
    if (!pin) {
      pin = L.marker([latitude, longitude], { icon, draggable: true, alt: labels.pin, title: labels.pin }).addTo(map);
      pin.on("dragend", () => tell(pin.getLatLng()));
    }
    pin.setLatLng([latitude, longitude]);
  }

  function tell(position) {
    const { lat, lng } = position.wrap();
    setPin(lat, lng);
    picked(Number(lat.toFixed(6)), Number(lng.toFixed(6)));
  }

  map.on("click", ({ latlng }) => tell(latlng));
  const resized = new ResizeObserver(() => map.invalidateSize());
  resized.observe(element);
  return {
    /** Shows the pin at a position that comes from elsewhere. */
    place(latitude, longitude) {
      setPin(latitude, longitude);
      map.setView([latitude, longitude], Math.max(map.getZoom(), STREET_ZOOM), { animate: false });
    },
    /** Puts the pin into the middle of the map, for the keyboard. */
    placeAtCenter() {
      tell(map.getCenter());
    },
    clear() {
      pin?.remove();
      pin = null;
    },
    remove() {
      resized.disconnect();
      map.stop();
      map.remove();
    },
  };
}

globalThis.ispMap = { show };
